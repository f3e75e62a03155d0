import { pushApi } from '@perch/shared';
import { instanceOf, storedTerminal } from '../../api/terminal-store.ts';
import { request } from '../../api/request.ts';
import { m } from '../../words/messages.svelte.ts';
import type { Phone } from '../phone.svelte.ts';
import { refusalSentence } from '../sentences.ts';
import { mayNotify } from './call-notifications.ts';

type PushedPhone = {
  readonly connection: Pick<Phone['connection'], 'number' | 'token'>;
  readonly settings: Pick<Phone['settings'], 'values' | 'notifies' | 'setNotifies'>;
};

/** Calls as notifications, and push messages for those that come while this page is closed: what the person and the browser say to that. */
export class PushRinging {
  /** It is being changed: the browser may be asking the person. */
  changing = $state(false);
  /** Why it is not as it was asked for, as a sentence. */
  trouble: string | null = $state(null);
  readonly #phone: PushedPhone;
  #isAllowed = $state(mayNotify());

  constructor(phone: PushedPhone) {
    this.#phone = phone;
  }

  /** Has this browser notifications at all? On iPhones and iPads only where the page has been put on the home screen. */
  get isPossible(): boolean {
    return 'Notification' in window && 'serviceWorker' in navigator;
  }

  get isOn(): boolean {
    const { settings, connection } = this.#phone;
    return settings.notifies(connection.number) && this.#isAllowed;
  }

  /** To be called from a tap or key press only: browsers ask the person then, and at no other time. */
  readonly turn = (on: boolean): Promise<void> => (on ? this.#turnOn() : this.#turnOff());

  /** The subscription may have come to an end, here or at the server. */
  async renew(): Promise<void> {
    if (this.isOn) await this.#attempt(() => this.#subscribe());
  }

  async #turnOn(): Promise<void> {
    await this.#attempt(async () => {
      this.#isAllowed = (await Notification.requestPermission()) === 'granted';
      this.#phone.settings.setNotifies(this.#phone.connection.number, this.#isAllowed);
      if (this.#isAllowed) await this.#subscribe();
      else this.trouble = m.notifications_blocked();
    });
  }

  async #turnOff(): Promise<void> {
    const { settings, connection } = this.#phone;
    settings.setNotifies(connection.number, false);
    await this.#attempt(async () => {
      if (!this.#othersAreOn()) {
        const registration = await navigator.serviceWorker.getRegistration();
        const subscription = await registration?.pushManager.getSubscription();
        await subscription?.unsubscribe();
      }
      await request(pushApi.unsubscribePush, { token: connection.token });
    });
  }

  /** A browser has one subscription for all its phones. */
  #othersAreOn(): boolean {
    const { settings, connection } = this.#phone;
    return settings.values.notifications.some(
      (number) => number !== connection.number && storedTerminal(number) !== undefined,
    );
  }

  async #subscribe(): Promise<void> {
    const { token, number } = this.#phone.connection;
    const { key, endpoint } = await request(pushApi.pushSettings, { token });
    const { pushManager } = await navigator.serviceWorker.ready;
    const before = await pushManager.getSubscription();
    const isOurs = before !== null && keyOf(before.options.applicationServerKey) === key;
    if (isOurs && before.endpoint === endpoint) return;
    if (!isOurs) await before?.unsubscribe();
    const subscription = isOurs ? before : await this.#askFor(pushManager, key);
    if (subscription === null) return;
    const [p256dh, auth] = [keyOf(subscription.getKey('p256dh')), keyOf(subscription.getKey('auth'))];
    const instance = `urn:uuid:${instanceOf(number)}`;
    const body = { endpoint: subscription.endpoint, p256dh, auth, instance };
    await request(pushApi.subscribePush, { token, body });
  }

  /** `null` where the browser cannot reach its push service, or has none: notifications work while the page is open. */
  async #askFor(pushManager: PushManager, key: string): Promise<PushSubscription | null> {
    try {
      return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    } catch {
      this.trouble = m.push_unreachable();
      return null;
    }
  }

  async #attempt(change: () => Promise<void>): Promise<void> {
    this.changing = true;
    this.trouble = null;
    try {
      await change();
    } catch (error) {
      this.trouble = refusalSentence(error);
    }
    this.changing = false;
  }
}

/** In base64url (RFC 4648 §5), without padding. */
function keyOf(octets: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(octets ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
