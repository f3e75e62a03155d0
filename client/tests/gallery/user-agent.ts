import { FakeUserAgent } from '../../src/sip/support/fake-user-agent.ts';

/** Stands for the user agent of JsSIP in the pages of the gallery (`../support/gallery.ts`). */
export class UserAgent extends FakeUserAgent {
  /** That of the page that is shown. */
  static last: UserAgent;

  constructor(...given: ConstructorParameters<typeof FakeUserAgent>) {
    super(...given);
    UserAgent.last = this;
  }
}
