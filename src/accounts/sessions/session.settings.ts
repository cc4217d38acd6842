import { defineSetting, type SettingReader } from '../../settings/setting.js';
import { wholeNumber } from '../../settings/value-schemas.js';

const hoursSetting = (
  name: string,
  label: string,
  help: string,
  { least, most, initial }: { least: number; most: number; initial: number },
) =>
  defineSetting({
    key: `staff.${name}`,
    group: 'staff',
    label,
    help: `${help} A shorter time also ends sessions that exist.`,
    schema: wholeNumber(least, most),
    initial,
    role: 'admin',
    perSite: false,
  });

const idleStaff = hoursSetting(
  'idle_hours',
  'Sign-out of idle staff, in hours',
  'A member of staff who does nothing for so many hours is signed out.',
  { least: 1, most: 168, initial: 12 },
);
const longestStaff = hoursSetting(
  'session_hours',
  'Longest session of staff, in hours',
  'A member of staff signs in again after so many hours at the latest.',
  { least: 1, most: 720, initial: 168 },
);
const idleReader = hoursSetting(
  'reader_idle_hours',
  'Sign-out of idle readers, in hours',
  'A reader who does not come for so many hours is signed out. 720 hours are 30 days.',
  { least: 24, most: 8_760, initial: 720 },
);
const longestReader = hoursSetting(
  'reader_session_hours',
  'Longest session of readers, in hours',
  'A reader signs in again after so many hours at the latest. 4,320 hours are 180 days.',
  { least: 24, most: 17_520, initial: 4_320 },
);

/** The hours of readers and of staff: idle and longest, idle and longest. */
export const sessionHours = (settings: SettingReader): readonly [number, number, number, number] => [
  settings.get(idleReader),
  settings.get(longestReader),
  settings.get(idleStaff),
  settings.get(longestStaff),
];

/**
 * Returns SQL of the moment at which a session ends. A shorter time acts at once, so the stored moment is not enough.
 * @param first the number of the first of four placeholders, for `sessionHours`
 */
export function expirySql(session: string, account: string, first: number): string {
  const hours = (n: number): string =>
    `case when ${account}.role = 'reader' then $${first + n}::integer else $${first + n + 2}::integer end * interval '1 hour'`;
  return `least(${session}.expires_at, ${session}.seen_at + ${hours(0)}, ${session}.created_at + ${hours(1)})`;
}
