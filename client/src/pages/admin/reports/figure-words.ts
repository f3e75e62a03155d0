import { FIGURES, type FigureName } from '@perch/shared';
import { durationOf } from '../../../ui/moments.ts';
import { locale } from '../../../words/messages.svelte.ts';

const formats = new Map<string, Intl.NumberFormat>();

function format(unit: 'count' | 'rate' | 'perHour'): Intl.NumberFormat {
  const known = formats.get(unit);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale(), {
    ...(unit === 'rate' && { style: 'percent' as const }),
    maximumFractionDigits: unit === 'count' ? 0 : unit === 'rate' ? 1 : 2,
  });
  formats.set(unit, made);
  return made;
}

/** `1,204`, `12:40`, `87.5 %`; a dash where there was nothing to divide by. */
export function figureInWords(figure: FigureName, value: number | null): string {
  if (value === null) return '–';
  const { unit } = FIGURES[figure];
  return unit === 'ms' ? durationOf(value) : format(unit).format(value);
}

export const countInWords = (value: number): string => format('count').format(value);
