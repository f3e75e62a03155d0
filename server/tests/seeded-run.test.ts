import { expect, test } from 'vitest';
import { Call } from './support/call.ts';
import { unusedPort } from './support/demo-server.ts';
import { Story, type Trace } from './support/story.ts';

/** The README's two-minute story, as phones and pages see it. */
async function tell(seed: string, port: number): Promise<Trace> {
  const story = await Story.begin(seed, port);
  const ben = await story.phone('102');
  const desk = await story.phone('201');
  const page = await story.page('201');

  const taking = await new Call(desk, '*30101').answered();
  await story.press(taking, `${story.secretCode('101')}#`);
  expect(await page.outcome()).toBe('accepted');
  await story.hearOut(desk);

  await story.talk(ben, '101', desk);

  await new Call(desk, '*30').answered();
  expect(await page.outcome()).toBe('returned');
  await story.hearOut(desk);

  await story.leaveMessage(ben, await story.page('102'), '101');
  const ada = await story.page('101');
  await ada.next('of the message', (event) => JSON.stringify(event).includes('"new":1'));
  return story.end();
}

test('two runs of the whole server with the same seed send, report and store the same octets', async () => {
  const port = await unusedPort();
  const first = await tell('one seed', port);
  expect(first.stored['perch.db voicemail_messages']).toHaveLength(1);
  // Two calls of people, and two to services.
  expect(first.stored['records.db call_records']).toHaveLength(4);
  expect(await tell('one seed', port)).toEqual(first);
}, 30_000);
