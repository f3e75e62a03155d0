import type { PageRequest, TopicLine, TopicName } from '@perch/shared';
import { TestSocket } from '../../src/state/support/test-socket.ts';

/** What people are called on pages from right to left. */
const RIGHT_TO_LEFT: Readonly<Record<string, string>> = {
  Ada: 'עדה לוי',
  Ben: 'בן שמש',
  Chloe: 'خلود',
  Dev: 'ديف حداد',
  Farid: 'فريد',
  Grace: 'גרייס',
  'Front desk': 'דלפק קבלה 3',
  'Server room': 'غرفة الخوادم 2',
  'Eleonora Vandenberg-Whitfield': 'אלאונורה ואן דן ברג-וויטפילד',
};
const NAME = /"name":"([^"]+)"/g;

/** Stands for the WebSocket of a page's events: tells those who follow a topic what is in it. */
export class Socket extends TestSocket {
  static topics: Partial<Record<TopicName, readonly TopicLine[]>> = {};

  override tell(event: Parameters<TestSocket['tell']>[0]): void {
    if (document.dir !== 'rtl') return super.tell(event);
    const renamed = JSON.stringify(event).replaceAll(
      NAME,
      (_, name: string) => `"name":"${RIGHT_TO_LEFT[name] ?? name}"`,
    );
    return super.tell(JSON.parse(renamed) as typeof event);
  }

  override send(text: string): void {
    super.send(text);
    const request = JSON.parse(text) as Partial<Extract<PageRequest, { subscribe: unknown }>>;
    if (request.subscribe === undefined) return;
    const lines = [...(Socket.topics[request.subscribe] ?? [])];
    this.tell({ kind: 'snapshot', topic: request.subscribe, epoch: 'gallery', sequence: 1, lines });
  }
}
