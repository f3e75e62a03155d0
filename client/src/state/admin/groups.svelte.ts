import { api } from '@perch/shared';
import { request } from '../../api/request.ts';
import { refusalSentence } from '../sentences.ts';

/** The names of the groups that there are, for choosing some. */
export class Groups {
  /** None until they are known; where they cannot be asked for, those that are named elsewhere can still be chosen. */
  names: readonly string[] = $state.raw([]);
  /** Has the server said which there are? */
  known = $state(false);
  /** Why it has not. */
  refusal: string | undefined = $state();

  async look(): Promise<void> {
    try {
      this.names = await request(api.groups, {});
      this.known = true;
    } catch (error) {
      this.refusal = refusalSentence(error);
    }
  }
}
