import { isPrivateHost } from './conditions/private-host.ts';

/**
 * What a webhook's URL must be and is not, in the words of an error; `undefined` where nothing is wrong. Where a name
 * leads is looked at when it is connected to.
 */
export function webhookUrlProblem(url: string, allowPrivate: boolean): string | undefined {
  if (!/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)) return 'a URL that begins with `https://`';
  if (allowPrivate) return undefined;
  if (isPrivateHost(url) !== false) {
    return 'the URL of a public host; `allow_private: true` beside it permits this machine and private networks';
  }
  if (/^http:/i.test(url)) {
    return 'a URL that begins with `https://`, for over `http:` others read what is sent; `allow_private: true` beside it permits that';
  }
  return undefined;
}
