import * as z from 'zod/mini';
import { email, instant, number, secret } from './api-values.ts';
import { displayName, organizationName } from '../display-name.ts';
import { language } from '../languages.ts';
import { ROLES } from '../management/rights.ts';
import { secondFactorCode } from './second-factor-api.ts';

/** What an organization is from the beginning. */
const organization = z.object({
  name: organizationName,
  /** The SIP domain and digest realm: a host name that need not resolve. */
  domain: z
    .string()
    .check(
      z.toLowerCase(),
      z.maxLength(253),
      z.regex(
        /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
        'A domain looks like phone.example.org.',
      ),
    ),
  /** Can be dialled from every registered terminal, even a locked one. */
  emergencyNumbers: z._default(
    z
      .array(z.string().check(z.regex(/^\d{2,8}$/, 'An emergency number has 2 to 8 digits.')))
      .check(z.maxLength(16)),
    ['112', '911'],
  ),
});

const newPassword = z
  .string()
  .check(z.minLength(10, 'A password has at least 10 characters.'), z.maxLength(256));

/** Completes the one-time link `/setup#<token>` that the first start prints. */
export const setup = z.object({
  token: secret,
  organization,
  administrator: z.object({ email, password: newPassword }),
});
export type Setup = z.infer<typeof setup>;

/** Another organization, and the address of its first administrator, who is invited. */
export const newOrganization = z.extend(organization, { administrator: email });
export type NewOrganization = z.infer<typeof newOrganization>;

/** What operators see of an organization. */
export const organizationView = z.object({ name: z.string(), domain: z.string() });
export type OrganizationView = z.infer<typeof organizationView>;

export const credentials = z.object({
  email,
  password: z.string().check(z.minLength(1), z.maxLength(256)),
  /** The domain of one's organization, where the same person is known to several. */
  organization: z.optional(z.string().check(z.toLowerCase(), z.maxLength(253))),
  /** Asked for by `second-factor-needed`, once the password is known to be right. */
  code: z.optional(secondFactorCode),
});
export type Credentials = z.infer<typeof credentials>;

/** Who is signed in. */
export const session = z.object({
  email: z.string(),
  roles: z.array(z.enum(ROLES)),
  /** The number of the extension that is theirs. */
  extension: z.nullable(z.string()),
  /** That of their extension, if they have one; `null` where none was chosen. */
  language: z.nullable(language),
  /** Its days are those of that time zone, an IANA name. */
  organization: z.object({
    name: z.string(),
    domain: z.string(),
    timeZone: z.string(),
    language: z.nullable(language),
  }),
  expiresAt: instant,
  /** Has the person to set up a second factor first? Until then, only their account is open to them. */
  lacksSecondFactor: z.boolean(),
  /** `false`: they come in through the provider only, and are never asked for a password. */
  hasPassword: z.boolean(),
});
export type Session = z.infer<typeof session>;

/** Where people can also sign in, by OpenID Connect. */
export const signInProvider = z.object({
  /** What people call it. */
  name: z.string(),
});
export type SignInProvider = z.infer<typeof signInProvider>;

/** A browser in which somebody is signed in. */
export const openSession = z.object({
  id: z.string(),
  openedAt: instant,
  expiresAt: instant,
  /** Its User-Agent. */
  browser: z.nullable(z.string()),
  /** Where and when it was last heard. */
  address: z.nullable(z.string()),
  heardAt: instant,
  /** Is it the one that asks? */
  isOwn: z.boolean(),
});
export type OpenSession = z.infer<typeof openSession>;

/** What a person may do, as it is set. */
const personRights = {
  roles: z.array(z.enum(ROLES)).check(z.minLength(1, 'Choose at least one role.')),
  /** The number of the extension that is an owner's. */
  extension: z._default(z.nullable(number), null),
  /** The groups that a supervisor is limited to; `null` for none of them, and so for all extensions. */
  groups: z._default(z.nullable(z.array(displayName).check(z.maxLength(64))), null),
};

export const newPerson = z.object({ email, ...personRights });
export type NewPerson = z.infer<typeof newPerson>;
export const personChange = z.object(personRights);
export type PersonChange = z.infer<typeof personChange>;

/** Somebody who can sign in, as administrators see them. */
export const personView = z.object({
  id: z.string(),
  email: z.string(),
  roles: z.array(z.enum(ROLES)),
  extension: z.nullable(z.string()),
  groups: z.nullable(z.array(z.string())),
  /** Have they not chosen a password yet? */
  isInvited: z.boolean(),
  hasSecondFactor: z.boolean(),
  /** Have they come in through the provider? From then on only the one who did is let in as them. */
  hasProvider: z.boolean(),
  /** In how many browsers they are signed in, and when one of these was last heard. */
  sessions: z.int(),
  heardAt: z.nullable(instant),
});
export type PersonView = z.infer<typeof personView>;

/** A link with which somebody chooses a password. It was mailed to them, or is shown this once. */
export const personLink = z.object({
  url: z.nullable(z.string()),
  expiresAt: instant,
  /** The address is the loopback’s: on any other device the link does not work. */
  onlyHere: z.boolean(),
});
export type PersonLink = z.infer<typeof personLink>;

/** Who a link is for. */
export const linkedPerson = z.object({ email: z.string(), organization: z.string() });
export type LinkedPerson = z.infer<typeof linkedPerson>;
export const chosenPassword = z.object({ token: secret, password: newPassword });
