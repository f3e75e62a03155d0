import { type Action, mayAct, type Session } from '@perch/shared';
import { createContext } from 'svelte';

/** What the person who is signed in may do, for the parts of management: they show only that. The server decides again. */
export interface Permissions {
  readonly may: (action: Action) => boolean;
  /** Who it is. */
  readonly email: string;
}

export const permissionsOf = ({ roles, email }: Pick<Session, 'roles' | 'email'>): Permissions => ({
  email,
  may: (action) => mayAct(roles, action),
});

export const [getPermissions, setPermissions] = createContext<Permissions>();
