import type { ToneName } from '../../../media/tones.ts';
import type { Calls } from '../calls.svelte.ts';

/** What a person hears in the call that they listen to while nothing comes from the other side; `null` where its silence means nothing. */
export function earSign(
  calls: Pick<Calls, 'talking' | 'viewOf' | 'holdOf'>,
): Extract<ToneName, 'reconnecting' | 'held'> | null {
  const { talking } = calls;
  if (talking === null || talking.hold.here) return null;
  const { state } = talking;
  const isInterrupted = state.kind === 'talking' && state.media === 'interrupted';
  if (isInterrupted || calls.viewOf(talking)?.otherSide === 'reconnecting') return 'reconnecting';
  return calls.holdOf(talking).there ? 'held' : null;
}
