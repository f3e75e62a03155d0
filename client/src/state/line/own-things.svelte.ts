import { ownLine } from '@perch/shared';
import { Topic } from './topic.svelte.ts';

/** What the extension that speaks here has of its own, wherever it is; nothing on a free station or a locked phone. */
export class OwnThings {
  readonly topic = new Topic('own', ownLine);
  /** Calls that rang here, and that another phone of the extension has taken or declined. */
  elsewhere: readonly string[] = [];

  /** How many missed calls nobody has looked at yet. */
  get missed(): number {
    return this.topic.lines[0]?.missed ?? 0;
  }

  get favourites(): readonly string[] {
    return this.topic.lines[0]?.favourites ?? [];
  }

  /** Another one when its history has changed. */
  get latest(): string | null {
    return this.topic.lines[0]?.latest ?? null;
  }

  /** Another person is here, or none. */
  forget(): void {
    this.topic.forget();
    this.elsewhere = [];
  }
}
