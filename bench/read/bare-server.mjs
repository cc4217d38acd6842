// The server that the product is compared with: node:http and pg with the product's own statement, prepared under the
// same name, over a pool of the same size, without routing, headers or validation.
import { createServer } from 'node:http';
import pg from 'pg';

const { DATABASE_URL, DATABASE_POOL, PORT, STATEMENT } = process.env;
const statement = JSON.parse(STATEMENT);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL) });

createServer((request, response) => {
  const key = request.url.split('/')[4];
  pool.query({ ...statement, values: [key, 20], rowMode: 'array' }).then(
    ({ rows }) => {
      const json = rows[0][0];
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(json),
      });
      response.end(json);
    },
    (error) => response.writeHead(500).end(error.message),
  );
}).listen(Number(PORT), '127.0.0.1');
