import type { CallId } from '@perch/shared';
import { recentKindOf } from '../../phone/calls/recent-kind.ts';
import { m } from '../../words/messages.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import {
  type NotificationData,
  type NotificationTexts,
  over,
  type Ring,
  ringing,
  tagOf,
} from './notifications.ts';

/** As the page says them: in its language at the moment. */
const TEXTS: NotificationTexts = {
  number_withheld: m.number_withheld,
  incoming_call: m.incoming_call,
  call_for: m.call_for,
  answer: m.answer,
  decline: m.decline,
  call_missed: m.call_missed,
  call_taken_elsewhere: m.call_taken_elsewhere,
  call_rang_out: m.call_rang_out,
};

/** None where the page did not come over HTTPS. */
const workers = (): ServiceWorkerContainer | undefined => navigator.serviceWorker;

/** May notifications be shown, as far as the browser is asked? */
export const mayNotify = (): boolean => 'Notification' in window && Notification.permission === 'granted';

/** Closes the notifications of a phone's calls, of one or of all. Those of another phone in the same browser stay. */
export async function closeNotifications(phone: string, call?: CallId): Promise<void> {
  const registration = await workers()?.getRegistration();
  const filter = call === undefined ? {} : { tag: tagOf({ call, phone }) };
  for (const notification of (await registration?.getNotifications(filter)) ?? [])
    if ((notification.data as NotificationData | null)?.phone === phone) notification.close();
}

type RingingCall = NonNullable<Phone['calls']['ringing']>;
type NotifiedPhone = Pick<Phone, 'partyOf' | 'calleeOf'> & {
  readonly connection: Pick<Phone['connection'], 'number'>;
  readonly calls: Pick<Phone['calls'], 'ringing'>;
};

const wasMissed = ({ direction, answered, state }: RingingCall): boolean =>
  state.kind === 'over' && recentKindOf({ direction, answered, ending: state.ending }) === 'missed';

/**
 * Shows a call that rings at a page which nobody sees, until the returned function is called; then it says that it was missed, if it was. One
 * that a push message has shown already stays as it is.
 */
export function notifyOf(phone: NotifiedPhone, call: RingingCall): () => void {
  const { id } = call;
  if (id === null) return () => undefined;
  const ring: Ring = {
    call: id,
    phone: phone.connection.number,
    from: phone.partyOf(call),
    callee: phone.calleeOf(call),
  };
  const ringsOn = new AbortController();
  const shown = (async (): Promise<void> => {
    const registration = await workers()?.getRegistration();
    const before = await registration?.getNotifications({ tag: tagOf(ring) });
    if (ringsOn.signal.aborted || registration === undefined || before?.length !== 0) return;
    const { title, options } = ringing(ring, null, TEXTS);
    await registration.showNotification(title, options);
  })();
  return () => {
    ringsOn.abort();
    void shown.then(async () => {
      if (!document.hidden || !wasMissed(call)) return closeNotifications(ring.phone, id);
      const { title, options } = over({ ...ring, why: 'missed', at: call.startedAt }, TEXTS);
      return (await workers()?.getRegistration())?.showNotification(title, options);
    });
  };
}
