/** The answer of 获取Token, as assumed, and the cache over it. */
import type { HttpAnswer } from '../../ports.ts';
import { createExchange } from '../kit/exchange.ts';
import type { Outcome } from '../kit/outcome.ts';
import { createTokenCache, fixedToken, type FetchedToken, type TokenCache } from '../kit/tokens.ts';
import type { SigningMoment, VendorPorts } from '../kit/vendor.ts';
import type { HttpRequest } from '../../ports.ts';
import type { AssumedFields } from './assumed.ts';
import { textNamed, valuesNamed } from './find.ts';
import { parseEnvelope } from './map.ts';
import type { Settings } from './settings.ts';

export function parseToken(
  answer: HttpAnswer,
  fields: Pick<AssumedFields, 'token' | 'tokenLife'>,
): Outcome<FetchedToken> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') return outcome;
  const data = outcome.result;
  const token = typeof data === 'string' ? data : textNamed(data, fields.token);
  if (token === null || !/^[\u0021-\u007e]{1,8192}$/.test(token)) {
    return { kind: 'unknown', code: 'no-token', message: 'the token answer holds no token' };
  }
  const life = Number(valuesNamed(data, fields.tokenLife)[0]);
  // Seconds; a value that is rather an instant than a life is not used.
  const lifeMs = Number.isFinite(life) && life > 0 && life <= 31 * 86_400 ? life * 1_000 : null;
  return { kind: 'done', result: { token, lifeMs } };
}

/** A token from the profile, or one fetched from the assumed token interface; null where requests are signed. */
export function tokensFor(
  settings: Settings,
  ports: VendorPorts,
  request: (at: SigningMoment) => HttpRequest,
): TokenCache | null {
  if (settings.auth !== 'bearer') return null;
  if (settings.token !== undefined) return fixedToken(settings.token);
  const exchange = createExchange({ vendor: 'hge', ports, tokens: null, secrets: [settings.apiSecret ?? ''] });
  return createTokenCache(ports.clock, () =>
    exchange.run<FetchedToken>({
      name: 'token',
      question: true,
      build: request,
      parse: (answer) => parseToken(answer, settings.assumed.fields),
    }),
  );
}
