import { extensionId, recordingId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentsOf } from '../media/ogg/ogg-opus-repair.ts';
import { oggOpusHead } from '../media/ogg/ogg-opus-writer.ts';
import { commentsFor, labelAmong } from './recording-label.ts';
import { messageLabel } from './support/recordings.ts';

test('a message shows in every player who left it and when', () => {
  expect(commentsFor(messageLabel('m1'))).toEqual([
    'TITLE=Message from Ben (102)',
    'DATE=2023-11-14T22:13:20.000Z',
    expect.stringMatching(/^PERCH=\{"kind":"message"/),
  ]);
});

test('a greeting is labelled as one', () => {
  const label = {
    kind: 'greeting',
    id: recordingId('g1'),
    extension: extensionId('ada'),
  } as const;
  expect(commentsFor(label)[0]).toBe('TITLE=Greeting');
  expect(labelAmong(commentsFor(label))).toEqual(label);
});

test('whatever a caller’s name, the file is made, has one line for each comment, and reads back the same', () => {
  const text = fc.string({ unit: 'binary', maxLength: 2_000 });
  fc.assert(
    fc.property(text, text, (number, name) => {
      const label = { ...messageLabel('m1'), from: { number, name } };
      const comments = commentsFor(label);
      for (const comment of comments) expect(comment).not.toMatch(/[\r\n\0]/);
      const read = commentsOf(oggOpusHead(comments));
      expect(read && labelAmong(read)).toEqual({
        ...label,
        from: { number: number.slice(0, 500), name: name.slice(0, 500) },
      });
    }),
  );
});

test.for([
  ['none', []],
  ['another program’s', ['TITLE=Song', 'ARTIST=Somebody']],
  ['no JSON', ['PERCH={']],
  ['of no kind', ['PERCH={"kind":"fax","id":"m1","extension":"ada"}']],
  [
    'without a reason',
    ['PERCH={"kind":"message","id":"m1","extension":"ada","from":{"number":"1","name":""},"at":1}'],
  ],
  ['null', ['PERCH=null']],
] as const)('a label that is %s is not accepted', ([, comments]) => {
  expect(labelAmong(comments)).toBeUndefined();
});
