import { assertNever, type PersonView, type Role } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { allOf } from '../../../ui/moments.ts';

export function roleInWords(role: Role): string {
  switch (role) {
    case 'operator':
      return m.role_operator();
    case 'administrator':
      return m.role_administrator();
    case 'supervisor':
      return m.role_supervisor();
    case 'owner':
      return m.role_owner();
    default:
      return assertNever(role);
  }
}

/** `Supervisor of Sales and Extension owner`. */
export const rolesInWords = ({ roles, groups }: Pick<PersonView, 'roles' | 'groups'>): string =>
  allOf(
    roles.map((role) =>
      role === 'supervisor' && groups !== null && groups.length > 0
        ? m.role_supervisor_of({ groups: allOf(groups) })
        : roleInWords(role),
    ),
  );
