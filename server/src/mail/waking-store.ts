import type { MailboxStore } from '../exchange/voicemail/ports.ts';

/** The same store; `wake` is called once there is something new in the outbox. */
export const wakingStore = (store: MailboxStore, wake: () => void): MailboxStore => ({
  load: () => store.load(),
  insert: async (message, mailTo) => {
    await store.insert(message, mailTo);
    if (mailTo !== null) wake();
  },
  update: (message) => store.update(message),
  remove: (messages) => store.remove(messages),
  putMailbox: (mailbox) => store.putMailbox(mailbox),
});
