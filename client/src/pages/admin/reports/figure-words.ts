import { FIGURES, type FigureName } from '@perch/shared';
import { durationOf, inLocale } from '../../../ui/moments.ts';
import { m } from '../../../words/messages.svelte.ts';

const numberFormat = (options: Intl.NumberFormatOptions) =>
  inLocale((locale) => new Intl.NumberFormat(locale, options));
const FORMATS = {
  count: numberFormat({ maximumFractionDigits: 0 }),
  rate: numberFormat({ style: 'percent', maximumFractionDigits: 1 }),
  perHour: numberFormat({ maximumFractionDigits: 2 }),
};

/** `1,204`, `12:40`, `87.5 %`; a dash where there was nothing to divide by. */
export function figureInWords(figure: FigureName, value: number | null): string {
  if (value === null) return '–';
  const { unit } = FIGURES[figure];
  return unit === 'ms' ? durationOf(value) : FORMATS[unit]().format(value);
}

export const countInWords = (value: number): string => FORMATS.count().format(value);

interface FigureTexts {
  readonly name: () => string;
  /** What is counted, as it stands under the figure. */
  readonly definition: () => string;
}

export const FIGURE_TEXTS: Readonly<Record<FigureName, FigureTexts>> = {
  offered: { name: m.figure_offered, definition: m.figure_offered_means },
  handled: { name: m.figure_handled, definition: m.figure_handled_means },
  missed: { name: m.figure_missed, definition: m.figure_missed_means },
  declined: { name: m.figure_declined, definition: m.figure_declined_means },
  answerRate: { name: m.figure_answer_rate, definition: m.figure_answer_rate_means },
  outgoing: { name: m.figure_outgoing, definition: m.figure_outgoing_means },
  internal: { name: m.figure_internal, definition: m.figure_internal_means },
  external: { name: m.figure_external, definition: m.figure_external_means },
  transferred: { name: m.figure_transferred, definition: m.figure_transferred_means },
  talkMs: { name: m.figure_talk, definition: m.figure_talk_means },
  holdMs: { name: m.figure_hold, definition: m.figure_hold_means },
  averageHandleMs: { name: m.figure_average_handle, definition: m.figure_average_handle_means },
  averageAnswerMs: { name: m.figure_average_answer, definition: m.figure_average_answer_means },
  longestMs: { name: m.figure_longest, definition: m.figure_longest_means },
  callsPerHour: { name: m.figure_calls_per_hour, definition: m.figure_calls_per_hour_means },
  loggedInMs: { name: m.figure_logged_in, definition: m.figure_logged_in_means },
  occupancy: { name: m.figure_occupancy, definition: m.figure_occupancy_means },
};
