import type { Variable } from './env.ts';
import { Misconfigured } from './misconfigured.ts';

/** A provider of OpenID Connect, by which people sign in to management. */
export interface OpenIdSettings {
  /** As the provider spells it. */
  readonly issuer: URL;
  readonly clientId: string;
  /** `undefined`: the provider asks for none, and relies on PKCE. */
  readonly clientSecret: string | undefined;
  /** What people call it. */
  readonly name: string;
  /** The domains of the organizations whose people it knows; `undefined`: all of this server. */
  readonly organizations: readonly string[] | undefined;
  /** Values of `acr` and `amr` that prove a second factor. */
  readonly secondFactor: readonly string[];
  /** Where browsers come back to. */
  readonly publicUrl: URL;
}

const IS_HERE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * PERCH_OIDC_…; `undefined` where none is set.
 * @throws {Misconfigured} with a sentence that never quotes the secret.
 */
export function openIdSettingsOf(
  given: (name: Variable) => string | undefined,
  publicUrl: URL | undefined,
): OpenIdSettings | undefined {
  const [address, clientId] = [given('PERCH_OIDC_ISSUER'), given('PERCH_OIDC_CLIENT_ID')];
  if (address === undefined && clientId === undefined) return undefined;
  if (address === undefined || clientId === undefined)
    throw new Misconfigured('PERCH_OIDC_ISSUER and PERCH_OIDC_CLIENT_ID are set together or not at all.');
  const issuer = URL.parse(address);
  if (
    !issuer ||
    !(issuer.protocol === 'https:' || (issuer.protocol === 'http:' && IS_HERE.test(issuer.hostname)))
  )
    throw new Misconfigured(`PERCH_OIDC_ISSUER is ${address}; it looks like https://login.example.org.`);
  if (!publicUrl)
    throw new Misconfigured(
      'PERCH_OIDC_ISSUER needs PERCH_PUBLIC_URL: the provider sends browsers back there.',
    );
  return {
    issuer,
    clientId,
    clientSecret: given('PERCH_OIDC_CLIENT_SECRET'),
    name: given('PERCH_OIDC_NAME') ?? issuer.hostname,
    organizations: listOf(given('PERCH_OIDC_ORGANIZATIONS'))?.map((domain) => domain.toLowerCase()),
    secondFactor: listOf(given('PERCH_OIDC_SECOND_FACTOR')) ?? ['mfa'],
    publicUrl,
  };
}

function listOf(text: string | undefined): readonly string[] | undefined {
  const list = text?.split(',').map((one) => one.trim());
  return list?.filter((one) => one !== '');
}
