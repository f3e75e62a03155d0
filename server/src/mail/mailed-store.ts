import type { MailboxStore } from '../exchange/voicemail/ports.ts';

/** The same store; `mailer` hears of what comes into the outbox, and without one nothing does. */
export const mailedStore = (store: MailboxStore, mailer: { wake(): void } | undefined): MailboxStore => ({
  load: () => store.load(),
  insert: async (message, mailTo) => {
    await store.insert(message, mailer ? mailTo : null);
    if (mailTo !== null) mailer?.wake();
  },
  update: (message) => store.update(message),
  remove: (messages) => store.remove(messages),
  putMailbox: (mailbox) => store.putMailbox(mailbox),
});
