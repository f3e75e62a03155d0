import { type TabMessage, tabMessage } from '../../phone/page/tab-messages.ts';

/** Joins the tabs of one terminal in this browser. A browser keeps no page in its back/forward cache that has one open. */
export class TabChannel {
  readonly #channel: BroadcastChannel;

  constructor(number: string, hear: (message: TabMessage) => void) {
    this.#channel = new BroadcastChannel(`perch.terminal.${number}`);
    this.#channel.onmessage = ({ data }) => {
      const message = tabMessage.safeParse(data);
      if (message.success) hear(message.data);
    };
  }

  say(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  close(): void {
    this.#channel.close();
  }
}
