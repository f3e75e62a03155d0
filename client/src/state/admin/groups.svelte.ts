import { api } from '@perch/shared';
import { request } from '../../api/request.ts';

/** The names of the groups that there are, for choosing some. */
export class Groups {
  /** None until they are known; where they cannot be asked for, those that are named elsewhere can still be chosen. */
  names: readonly string[] = $state.raw([]);

  async look(): Promise<void> {
    this.names = await request(api.groups, {}).catch(() => this.names);
  }
}
