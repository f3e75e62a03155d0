/** What `npm audit --json` has found, for people, and the exit code that says it to programs. */
export interface AuditReport {
  readonly text: string;
  /** 0: nothing is known; 1: something is; 2: nobody could be asked. */
  readonly exitCode: 0 | 1 | 2;
}

interface Answer {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly via: readonly Via[] }>
  >;
}
/** An advisory, or the name of the package that brings it. */
type Via = string | { readonly title: string; readonly url: string };

/** @param output of `npm audit --json` */
export function reportOf(output: string): AuditReport {
  const { message, vulnerabilities } = parsed(output);
  if (vulnerabilities === undefined) {
    return {
      text: `Nothing was checked: the advisory database could not be reached (${message ?? 'npm did not answer'}).`,
      exitCode: 2,
    };
  }
  const found = Object.entries(vulnerabilities);
  if (found.length === 0) return { text: 'No advisory is known for what Perch depends on.', exitCode: 0 };
  const lines = found.map(([name, { severity, range, via }]) => {
    const reasons = via.map((one) => (typeof one === 'string' ? `by ${one}` : `${one.title} (${one.url})`));
    return `${name} ${range}, ${severity}: ${reasons.join('; ')}`;
  });
  return { text: lines.join('\n'), exitCode: 1 };
}

function parsed(output: string): Answer {
  try {
    return JSON.parse(output) as Answer;
  } catch {
    return {};
  }
}
