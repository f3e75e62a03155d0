import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth,
  ClientError,
  type Configuration,
  discovery,
  fetchUserInfo,
  type IDToken,
  None,
} from 'openid-client';
import type { OpenIdSettings } from '../config/openid.ts';
import type { IdentityProvider, ProvidedPerson, ProviderSecrets } from '../management/ports.ts';
import { Refusal } from '../management/refusal.ts';
import type { Clock } from '../world/clock.ts';

/** How long the provider may take for an answer (seconds): less than a page waits. */
const PATIENCE_S = 8;
/** How long what a provider says of itself is good for (milliseconds). */
const KNOWN_MS = 3_600_000;
/** Where the provider sends browsers back to: it has to be told this address beforehand. */
export const CALLBACK_PATH = '/api/session/provider/callback';

const UNAVAILABLE = new Refusal('provider-unavailable', 'The sign-in provider cannot be reached.');
const REFUSED = new Refusal('provider-refused', 'The sign-in provider did not let you in. Try again.');

/** A provider of OpenID Connect: the authorization code flow with PKCE (RFC 7636), state and nonce. */
export class OpenIdProvider implements IdentityProvider {
  readonly #settings: OpenIdSettings;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #known: { readonly configuration: Configuration; readonly until: number } | undefined;

  /** @param failed hears why a sign-in was not possible; what people are told is less. */
  constructor(settings: OpenIdSettings, clock: Clock, failed: (error: unknown) => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#failed = failed;
  }

  get name(): string {
    return this.#settings.name;
  }

  get organizations(): readonly string[] | undefined {
    return this.#settings.organizations;
  }

  async addressFor({ state, nonce, verifier }: ProviderSecrets): Promise<URL | Refusal> {
    try {
      return buildAuthorizationUrl(await this.#configuration(), {
        redirect_uri: this.#callback.href,
        scope: 'openid email',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
    } catch (error) {
      this.#failed(error);
      return UNAVAILABLE;
    }
  }

  async identify(
    search: string,
    { state, nonce, verifier }: ProviderSecrets,
  ): Promise<ProvidedPerson | Refusal> {
    const at = this.#callback;
    at.search = search;
    try {
      const configuration = await this.#configuration();
      const tokens = await authorizationCodeGrant(configuration, at, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) return REFUSED;
      // Many providers tell the address, or whether it is verified, only there.
      const isWhole = claims['email'] !== undefined && claims['email_verified'] !== undefined;
      const hasMore = !isWhole && configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = hasMore ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims;
      // Both are taken from the same answer: what is verified is the address beside it.
      const { email, email_verified: isVerified } = more.email === undefined ? claims : more;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof email === 'string' ? email : null,
        isEmailVerified: isVerified === true,
        hasSecondFactor: this.#hasSecondFactor(claims),
      };
    } catch (error) {
      // Somebody who does not go on is no failure.
      if (!(error instanceof AuthorizationResponseError && error.error === 'access_denied'))
        this.#failed(error);
      return isOutOfReach(error) ? UNAVAILABLE : REFUSED;
    }
  }

  async signOutAddress(): Promise<URL | undefined> {
    try {
      const configuration = await this.#configuration();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      const home = new URL('/admin', this.#settings.publicUrl);
      return buildEndSessionUrl(configuration, { post_logout_redirect_uri: home.href });
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  get #callback(): URL {
    return new URL(CALLBACK_PATH, this.#settings.publicUrl);
  }

  /** What the token says of how somebody has signed in (OpenID Connect Core 1.0 §2, RFC 8176). */
  #hasSecondFactor({ acr, amr }: IDToken): boolean {
    const ways: readonly unknown[] = [acr, ...(Array.isArray(amr) ? amr : [])];
    return this.#settings.secondFactor.some((proof) => ways.includes(proof));
  }

  /** Asked for anew once an hour, and after a failure. */
  async #configuration(): Promise<Configuration> {
    const now = this.#clock.monotonic();
    if (this.#known && this.#known.until > now) return this.#known.configuration;
    const { issuer, clientId, clientSecret } = this.#settings;
    const configuration = await discovery(issuer, clientId, {}, authenticationOf(clientSecret), {
      timeout: PATIENCE_S,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- it only warns of its use; `config/` lets this machine alone pass
      ...(issuer.protocol === 'http:' && { execute: [allowInsecureRequests] }),
    });
    this.#known = { configuration, until: now + KNOWN_MS };
    return configuration;
  }
}

/** In the way that the provider understands; where it says nothing of it, in its header (OpenID Connect Core 1.0 §9). */
function authenticationOf(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const [inHeader, inBody] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (ways.includes('client_secret_basic') ? inHeader : inBody)(server, client, body, headers);
  };
}

/** Did the provider not answer at all? */
const isOutOfReach = (error: unknown): boolean =>
  (error instanceof TypeError && error.cause !== undefined) ||
  (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT');
