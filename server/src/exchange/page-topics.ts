import type { Colleague, ExtensionId, TopicLine, TopicName } from '@perch/shared';
import { Topic, type TopicParts, type TopicSource } from '../topics/topic.ts';
import type { Clock, Directory, Extension } from './ports.ts';
import { type Activity, colleagueOf, type WhoIsWhere } from './terminal-view.ts';

/** Changes of colleagues within this time reach a page as one (milliseconds): a shift change moves hundreds of people at once. */
const COLLEAGUES_SETTLE_MS = 100;

interface PageTopicsWorld {
  readonly directory: Directory;
  readonly where: WhoIsWhere;
  readonly activity: Activity;
  readonly clock: Clock;
  /** A name that no other log of a topic has. */
  newEpoch(): string;
}

/** The lists of an organization that pages can follow. */
export class PageTopics {
  readonly #directory: Directory;
  readonly #colleagues: Topic<Colleague>;

  constructor(world: PageTopicsWorld) {
    const { directory, where, activity } = world;
    this.#directory = directory;
    this.#colleagues = new Topic(
      perExtension('colleagues', directory, (extension) => colleagueOf(extension, where, activity)),
      { ...world, settleMs: COLLEAGUES_SETTLE_MS } satisfies TopicParts,
    );
  }

  of(_topic: TopicName): Topic<TopicLine> {
    return this.#colleagues;
  }

  /** Something that is shown of these extensions may have changed. */
  changed(extensions: Iterable<ExtensionId>): void {
    if (!this.#colleagues.isOpen) return;
    const numbers: string[] = [];
    for (const id of extensions) {
      const extension = this.#directory.byId(id);
      // It has been deleted, and its number with it: what is shown under that number may be anywhere.
      if (extension === undefined) return this.#colleagues.changed(undefined);
      numbers.push(extension.number);
    }
    this.#colleagues.changed(numbers);
  }

  close(): void {
    this.#colleagues.close();
  }
}

/** A list with a line for each extension for which `lineOf` makes one. */
function perExtension<Line extends TopicLine>(
  topic: TopicName,
  directory: Directory,
  lineOf: (extension: Extension) => Line | undefined,
): TopicSource<Line> {
  return {
    topic,
    *all() {
      for (const extension of directory.all()) {
        const line = lineOf(extension);
        if (line !== undefined) yield line;
      }
    },
    line: (number) => {
      const extension = directory.byNumber(number);
      return extension && lineOf(extension);
    },
  };
}
