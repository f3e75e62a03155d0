import type { AdministratorEvent, PageEvent, Rights, TerminalId, TopicEvent } from '@perch/shared';
import type { ExtensionNotice } from './extensions.ts';
import type { FlowOrder } from './flows.ts';

/** What can be followed of an organization, each with the values that a follower is told, in order. */
export interface Feeds {
  /** What is to be done with its flows. */
  flows: { readonly subject: object; readonly told: FlowOrder };
  /** All extensions now and every change from now on, with what authentication needs of them. */
  extensions: { readonly subject: object; readonly told: ExtensionNotice };
  /** Everything about a terminal now and every change from now on, and the topics that its page asks for. */
  page: {
    /** `instance`: that of the page's phone, such as `urn:uuid:…`; `null` where it has not said. */
    readonly subject: { readonly terminal: TerminalId; readonly instance: string | null };
    readonly told: PageEvent | TopicEvent;
  };
  /** That the server is alive, and the topics that a page of management asks for, as far as these rights reach. */
  'management-page': {
    readonly subject: { readonly rights: Rights };
    readonly told: AdministratorEvent | TopicEvent;
  };
}

export type FeedKind = keyof Feeds;
export type Subject<K extends FeedKind = FeedKind> = {
  [Kind in K]: { readonly kind: Kind } & Feeds[Kind]['subject'];
}[K];
export type Told<K extends FeedKind = FeedKind> = Feeds[K]['told'];
