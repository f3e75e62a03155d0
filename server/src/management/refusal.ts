import type { ProblemCode } from '@perch/shared';

/** Why somebody does not get what they asked for; `detail` is a sentence for them. */
export class Refusal {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: ProblemCode, detail: string) {
    this.code = code;
    this.detail = detail;
  }
}
