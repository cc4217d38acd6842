// The lint rules of this repository, which oxlint.config.mjs loads.
import { retiredNames } from './retired-names.mjs';

const TRANSACTION = 'Use Transactions.run, which retries deadlocks and runs what was given to tx.afterCommit.';
/** Methods that only src/events and src/database may use, in whatever way they are reached. */
const RESERVED = {
  deliverEvent: 'Only src/events delivers events; everybody else calls events.publish(tx, kind, audience).',
  transaction: TRANSACTION,
  startTransaction: TRANSACTION,
  createQueryRunner: TRANSACTION,
};

/** Events reach their listeners only after a commit, so nothing may publish or deliver them in another way. */
const publishAfterCommit = {
  create(context) {
    const report = (node, message) => context.report({ node, message });
    const nameOf = ({ type, name, value }) => (type === 'Identifier' ? name : typeof value === 'string' ? value : '');
    const checkSql = (node, text) => {
      if (/\bpg_notify\b|^\s*notify\b/i.test(text))
        report(node, 'Only src/events sends NOTIFY; publish an event instead.');
      if (/^\s*(begin|start transaction|commit|rollback)\b\s*;?\s*$/i.test(text)) report(node, TRANSACTION);
    };
    const isTx = (node) => node?.type === 'Identifier' && node.name === 'tx';
    return {
      MemberExpression(node) {
        const name = nameOf(node.property);
        if (Object.hasOwn(RESERVED, name)) report(node, RESERVED[name]);
        const call = node.parent.type === 'CallExpression' && node.parent.callee === node ? node.parent : undefined;
        if (name === 'publish' && !isTx(call?.arguments[0]))
          report(node, 'Publish within the transaction that changes the data: events.publish(tx, kind, audience).');
        if (name === 'afterCommit' && !(call && isTx(node.object)))
          report(node, 'Call tx.afterCommit of the transaction that Transactions.run made.');
      },
      ObjectPattern({ properties }) {
        for (const { key } of properties)
          if (key && (Object.hasOwn(RESERVED, nameOf(key)) || ['publish', 'afterCommit'].includes(nameOf(key))))
            report(key, 'Call this method on its object, so that the linter sees the transaction.');
      },
      ObjectExpression({ properties }) {
        for (const { key } of properties)
          if (key && nameOf(key) === 'afterCommit') report(key, 'Only Transactions.run makes a transaction.');
      },
      Literal(node) {
        if (typeof node.value === 'string') checkSql(node, node.value);
      },
      TemplateElement(node) {
        checkSql(node, node.value.raw);
      },
    };
  },
};

/** Returns the identifiers that a pattern declares: a name, a destructuring, a default, a rest or a parameter property. */
function declaredBy(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((it) => declaredBy(it.type === 'Property' ? it.value : it));
    case 'ArrayPattern':
      return pattern.elements.flatMap(declaredBy);
    case 'AssignmentPattern':
      return declaredBy(pattern.left);
    case 'RestElement':
      return declaredBy(pattern.argument);
    case 'TSParameterProperty':
      return declaredBy(pattern.parameter);
    default:
      return [];
  }
}

/** The retired names of retired-names.mjs may not be declared again. The use of a library's name is no declaration. */
const noRetiredNames = {
  create(context) {
    const check = (name) => {
      if (name?.type !== 'Identifier' && name?.type !== 'PrivateIdentifier') return;
      const found = retiredNames.find(({ pattern }) => pattern.test(name.name));
      if (found) context.report({ node: name, message: `"${name.name}" is a retired name: ${found.instead}.` });
    };
    const ofId = ({ id }) => declaredBy(id).forEach(check);
    const ofKey = ({ key }) => check(key);
    const ofParameters = ({ params }) => params.flatMap(declaredBy).forEach(check);
    const ofFunction = (node) => {
      ofId(node);
      ofParameters(node);
    };
    return {
      ClassDeclaration: ofId,
      ClassExpression: ofId,
      FunctionDeclaration: ofFunction,
      FunctionExpression: ofFunction,
      ArrowFunctionExpression: ofParameters,
      CatchClause: ({ param }) => declaredBy(param).forEach(check),
      TSInterfaceDeclaration: ofId,
      TSTypeAliasDeclaration: ofId,
      TSEnumDeclaration: ofId,
      VariableDeclarator: ofId,
      MethodDefinition: ofKey,
      PropertyDefinition: ofKey,
      TSPropertySignature: ofKey,
      TSMethodSignature: ofKey,
      ImportSpecifier: ({ imported, local }) => imported.name !== local.name && check(local),
      ExportSpecifier: ({ exported }) => check(exported),
    };
  },
};

const FORMATTER =
  'Use a formatter of web/shared/strings/formats.ts or currency-formats.ts: each made anew takes memory that the browser frees late.';

/** A formatter is made in one place and once for a language. Types of `Intl` may be named everywhere. */
const oneFormatter = {
  create(context) {
    return {
      Identifier(node) {
        if (node.name !== 'Intl' || node.parent.type.startsWith('TS')) return;
        const isKey = node.parent.type === 'MemberExpression' && node.parent.property === node && !node.parent.computed;
        if (!isKey || /^(globalThis|window|self)$/.test(node.parent.object.name ?? ''))
          context.report({ node, message: FORMATTER });
      },
      MemberExpression({ property }) {
        const name = property.type === 'Identifier' ? property.name : property.value;
        if (/^(toLocale\w*|localeCompare)$/.test(String(name))) context.report({ node: property, message: FORMATTER });
      },
    };
  },
};

export default {
  meta: { name: 'rostra' },
  rules: {
    'publish-after-commit': publishAfterCommit,
    'no-retired-names': noRetiredNames,
    'one-formatter': oneFormatter,
  },
};
