import type { Bookmark, TopicEvent, TopicLine, TopicName } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Topic } from '../../topics/topic.ts';
import { FollowedTopics } from './followed-topics.ts';

function open() {
  const access = { may: true };
  const asked: (Bookmark | undefined)[] = [];
  let listening = 0;
  const topic = {
    follow: (_listener: unknown, known: Bookmark | undefined) => {
      asked.push(known);
      listening++;
      return () => {
        listening--;
      };
    },
  } as unknown as Topic<TopicLine>;
  const heard: TopicEvent[] = [];
  const topics = new FollowedTopics(
    { mayFollow: () => access.may, topic: () => topic },
    (event) => void heard.push(event),
  );
  return { access, asked, heard, topics, listening: () => listening };
}

const WITHHELD = { kind: 'withheld', topic: 'colleagues' };
const bookmark = { epoch: 'e', sequence: 3 };

test('a page is told of a topic from the position that it has reached', () => {
  const { topics, asked, listening } = open();
  topics.request({ subscribe: 'colleagues', after: bookmark });
  expect([asked, listening()]).toEqual([[bookmark], 1]);
});

test('a page that asks again is answered again, and told everything once', () => {
  const { topics, asked, listening } = open();
  topics.request({ subscribe: 'colleagues', after: bookmark });
  topics.request({ subscribe: 'colleagues' });
  expect([asked, listening()]).toEqual([[bookmark, undefined], 1]);
});

test('a page that no longer shows a topic is told nothing more of it, even when it is allowed to see it again', () => {
  const { topics, access, heard, listening } = open();
  topics.request({ subscribe: 'colleagues' });
  topics.request({ unsubscribe: 'colleagues' });
  access.may = false;
  topics.review();
  access.may = true;
  topics.review();
  expect([listening(), heard]).toEqual([0, []]);
});

test('what a page may not see is withheld, and told from the beginning once it may', () => {
  const { topics, access, asked, heard, listening } = open();
  access.may = false;
  topics.request({ subscribe: 'colleagues', after: bookmark });
  expect([listening(), heard.splice(0)]).toEqual([0, [WITHHELD]]);
  access.may = true;
  topics.review();
  topics.review();
  expect([listening(), asked]).toEqual([1, [undefined]]);
  access.may = false;
  topics.review();
  topics.review();
  expect([listening(), heard]).toEqual([0, [WITHHELD]]);
});

test('where a name means the list of another person now, the page is told that one instead', () => {
  const heard: string[] = [];
  const topicOf = (whose: string) =>
    ({
      follow: (_listener: unknown, known: Bookmark | undefined) => {
        heard.push(`follows ${whose}, ${known === undefined ? 'from the beginning' : 'from where it was'}`);
        return () => void heard.push(`leaves ${whose}`);
      },
    }) as unknown as Topic<TopicLine>;
  const [adas, bens] = [topicOf('Ada’s'), topicOf('Ben’s')];
  let topic = adas;
  const topics = new FollowedTopics({ mayFollow: () => true, topic: () => topic }, () => undefined);
  topics.request({ subscribe: 'own', after: bookmark });
  topics.review();
  topic = bens;
  topics.review();
  expect(heard).toEqual([
    'follows Ada’s, from where it was',
    'leaves Ada’s',
    'follows Ben’s, from the beginning',
  ]);
});

test('a page follows only so many topics at once', () => {
  const { topics, heard, listening } = open();
  for (let count = 0; count < 20; count++) topics.request({ subscribe: `topic ${count}` as TopicName });
  expect(listening()).toBe(16);
  expect(heard).toHaveLength(4);
});

test('a page that is closed is told nothing', () => {
  const { topics, listening } = open();
  topics.request({ subscribe: 'colleagues' });
  topics.close();
  topics.review();
  expect(listening()).toBe(0);
});
