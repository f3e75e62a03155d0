import type { ProblemCode } from '@perch/shared';
import type { StoredPerson } from './repositories.ts';

/** Why a request is refused; `detail` is a sentence for the person who made it. */
export class Refusal {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: ProblemCode, detail: string) {
    this.code = code;
    this.detail = detail;
  }
}

/** Why somebody whom we know may not do what they ask for. */
export class RefusedPerson extends Refusal {
  readonly person: StoredPerson;
  /** The name of the token for scripts that stood for them. */
  readonly token: string | undefined;

  constructor(person: StoredPerson, { code, detail }: Refusal, token?: string) {
    super(code, detail);
    this.person = person;
    this.token = token;
  }
}

/** Why somebody whom we do not know may not come in. */
export class RefusedAddress extends Refusal {
  /** The address that they came with. */
  readonly email: string;

  constructor(email: string, { code, detail }: Refusal) {
    super(code, detail);
    this.email = email;
  }
}
