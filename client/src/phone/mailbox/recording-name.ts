import type { Party } from '@perch/shared';

const two = (value: number): string => String(value).padStart(2, '0');

/** What a downloaded message is called: `102 Ben 2026-11-22 09-02.ogg`, fit for any file system. */
export function recordingName(from: Party, at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const time = [two(date.getHours()), two(date.getMinutes())].join('-');
  // Control characters, and what Windows forbids.
  const name = from.name.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, ' ');
  return `${[from.number, name, day, time].join(' ').replace(/\s+/g, ' ').trim()}.ogg`;
}
