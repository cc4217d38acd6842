/** The person at the terminal must change something: `message` names the setting or the folder, and the reason. */
export class LocalPostgresError extends Error {
  override readonly name = 'LocalPostgresError';
}
