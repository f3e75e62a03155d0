import type { Ladder, LadderLeg } from '@perch/shared';

/** A ladder as a text for a ticket: who took part, then each message with its time and direction. PURE. */
export function* textOf({ id, startedAt, live, legs, messages }: Ladder): Iterable<string> {
  yield `SIP messages of the call ${id}\n`;
  yield `Began ${new Date(startedAt).toISOString()}${live ? ', still under way' : ''}; secrets are removed\n\n`;
  for (const [place, leg] of legs.entries()) {
    yield `Leg ${String(place + 1)}: ${nameOf(leg)} ${leg.calls ? 'calls' : 'is called'}, Call-ID ${leg.callId}\n`;
    if (leg.left > 0) yield `       not kept: ${String(leg.left)} of its messages\n`;
  }
  for (const { at, leg, sent, text } of messages) {
    const phone = legs[leg];
    const who = phone === undefined ? '' : nameOf(phone);
    const way = sent ? `Perch -> ${who}` : `${who} -> Perch`;
    yield `\n--- +${((at - startedAt) / 1_000).toFixed(3)} s  leg ${String(leg + 1)}  ${way}\n`;
    yield `${text.replaceAll('\r\n', '\n').trimEnd()}\n`;
  }
}

function nameOf({ party: { number, name, desk } }: LadderLeg): string {
  const who = `${number} ${name}`.trim();
  return desk === null ? who : `${who} at ${desk.number} ${desk.name}`;
}
