import type { ExtensionId } from '../ids.ts';

/** What a person may be. One person may be several. */
export const ROLES = ['operator', 'administrator', 'supervisor', 'owner'] as const;
/**
 * - `operator`: runs the server: creates organizations, and sees nothing inside any but their own.
 * - `administrator`: everything in their own organization.
 * - `supervisor`: its floor, records and reports; may be limited to groups.
 * - `owner`: their own extension.
 */
export type Role = (typeof ROLES)[number];

/**
 * How far a right reaches: everything on the server, everything in the person's own organization, the extensions of their groups (of all
 * where they are not limited to any), or only what is their own. Only `server` crosses the border of an organization.
 */
export type Reach = 'server' | 'organization' | 'groups' | 'self';

/**
 * Who may do what, and how far: the only place that says so. Every operation of the API and every topic names the action that it is; a
 * role that is missing may not do it at all.
 */
export const RULES = {
  /** Signing out, and seeing and ending one's own sessions. */
  'use-account': { operator: 'self', administrator: 'self', supervisor: 'self', owner: 'self' },
  'manage-organizations': { operator: 'server' },
  'manage-people': { administrator: 'organization' },
  /** What holds for everyone in it, such as its time zone. */
  'change-organization': { administrator: 'organization' },
  /** Seeing how much is held about somebody, exporting it, and erasing them. Everyone may export what is held about themselves. */
  'manage-personal-data': { administrator: 'organization' },
  /** Having programs elsewhere told of all calls and moves. */
  'manage-webhooks': { administrator: 'organization' },
  'view-audit': { administrator: 'organization' },
  'view-floor': { administrator: 'organization', supervisor: 'groups' },
  'view-extensions': { administrator: 'organization', supervisor: 'groups', owner: 'self' },
  'create-extensions': { administrator: 'organization' },
  'change-extensions': { administrator: 'organization' },
  'replace-codes': { administrator: 'organization', owner: 'self' },
  'issue-credentials': { administrator: 'organization' },
  'end-sessions': { administrator: 'organization', supervisor: 'groups', owner: 'self' },
  'move-sessions': { administrator: 'organization', supervisor: 'groups' },
  'view-records': { administrator: 'organization', supervisor: 'groups', owner: 'self' },
  /** Seeing the SIP messages of calls, for as long as the server keeps them. */
  'view-signalling': { administrator: 'organization' },
  'view-statistics': { administrator: 'organization', supervisor: 'groups', owner: 'self' },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Action = keyof typeof RULES;

/** What a person is, as far as their rights go. */
export interface Rights {
  readonly roles: readonly Role[];
  /** The extension that is theirs, where they are an owner. */
  readonly extension: ExtensionId | null;
  /** The groups that they supervise; `null` for all. */
  readonly groups: readonly string[] | null;
  /** The only actions that a token for scripts is for; absent where a person acts. */
  readonly actions?: readonly Action[];
}

/** What an action can be about: every extension of the organization, or some. */
export type Scope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'some'; readonly extension: ExtensionId | null; readonly groups: readonly string[] };

const EVERYTHING: Scope = { kind: 'everything' };

/** How far these rights reach for an action; `undefined` where none of the roles, or not this token, may do it. PURE. */
export function scopeOf({ roles, extension, groups, actions }: Rights, action: Action): Scope | undefined {
  if (actions?.includes(action) === false) return undefined;
  const rule: Partial<Record<Role, Reach>> = RULES[action];
  const reaches = new Set(roles.flatMap((role) => rule[role] ?? []));
  if (reaches.size === 0) return undefined;
  const supervises = reaches.has('groups');
  if (reaches.has('server') || reaches.has('organization') || (supervises && groups === null))
    return EVERYTHING;
  return {
    kind: 'some',
    extension: reaches.has('self') ? extension : null,
    groups: supervises ? (groups ?? []) : [],
  };
}

/** Is this extension among what an action can be about? PURE. */
export const isWithin = (
  scope: Scope,
  { id, group }: { readonly id: ExtensionId; readonly group: string | null },
): boolean =>
  scope.kind === 'everything' || scope.extension === id || (group !== null && scope.groups.includes(group));

/** May any of these roles do it at all? For pages, which show only what can be used. PURE. */
export const mayAct = (roles: readonly Role[], action: Action): boolean => {
  const rule: Partial<Record<Role, Reach>> = RULES[action];
  return roles.some((role) => rule[role] !== undefined);
};
