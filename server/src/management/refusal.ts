import type { ProblemCode } from '@perch/shared';

/** Why a request is refused; `detail` is a sentence for the person who made it. */
export class Refusal {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: ProblemCode, detail: string) {
    this.code = code;
    this.detail = detail;
  }
}
