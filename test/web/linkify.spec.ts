import { describe, expect, it } from '@jest/globals';
import { linkify, paragraphs } from '../../web/embed/common/linkify.js';

const hrefs = (text: string) => linkify(text).flatMap((part) => (part.href ? [part.href] : []));

describe('links in a text', () => {
  it('are http and https addresses without the punctuation around them', () => {
    expect(linkify('See https://post.example/a?b=1#c, or not.')).toEqual([
      { text: 'See ' },
      { text: 'https://post.example/a?b=1#c', href: 'https://post.example/a?b=1#c' },
      { text: ', or not.' },
    ]);
    expect(hrefs('(http://a.example/x_(y)) and [https://b.example/]')).toEqual([
      'http://a.example/x_(y)',
      'https://b.example/',
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'https://bank.example@evil.example/',
    'https://',
    'http://%zz',
    '//evil.example',
  ])('are never made of %j', (text) => {
    expect(hrefs(text)).toEqual([]);
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('show the ASCII form of a host that mixes scripts, and leave any other host', () => {
    expect(linkify('https://pаypal.example/x')[0]?.text).toBe('https://xn--pypal-4ve.example/x');
    expect(linkify('https://bücher.example/')[0]?.text).toBe('https://bücher.example/');
  });

  it.each([
    ['https://bank.example\u2215x.evil.example/', 'https://bank.xn--examplex-4f7d.evil.example/'],
    ['https://apple.example\u3002evil.example/', 'https://apple.example.evil.example/'],
    ['https://apple.example%E3%80%82evil.example/', 'https://apple.example.evil.example/'],
    ['https://bank.example\u200b.evil.example/', 'https://bank.example.evil.example/'],
    ['https://bank.example\u00b7com.evil.example/', 'https://bank.xn--'],
    ['https://\uff42ank.example/', 'https://bank.example/'],
    ['https://\u2460.example/', 'https://1.example/'],
    ['https://a$&b\u3002evil.example/', 'https://a$&b.evil.example/'],
  ])('show the real host of %j, which reads as another', (text, shown) => {
    const [link] = linkify(text);
    expect(link?.text).toContain(shown);
    expect(link?.text).toContain(new URL(link!.href!).host);
  });

  it.each([
    'https://Post.example:8080/\u2215',
    'http://[::1]/',
    'https://\u043f\u043e\u0447\u0442\u0430.\u0440\u0444/',
    'https://bu\u0308cher.example/',
  ])('show %j as it was typed', (text) => {
    expect(linkify(text)[0]?.text).toBe(text);
  });

  it('leave every other text unchanged', () => {
    const text = '<img src=x onerror=alert(1)> & <b>bold</b> "https://a.example"';
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('are found fast in a text that is made to be slow', () => {
    const before = process.cpuUsage();
    linkify(`https://${'('.repeat(2500)}${')'.repeat(2500)}`);
    linkify('https://a.example/'.repeat(300));
    expect(process.cpuUsage(before).user).toBeLessThan(500_000); // of this process: others may be busy
  });

  it('split a text into paragraphs at empty lines', () => {
    expect(paragraphs('a\nb\n\n\nc\n\n')).toEqual(['a\nb', 'c\n\n'.trimEnd()]);
  });
});

describe('talk: where a link ends', () => {
  const shown = (text: string) => linkify(text).flatMap((part) => (part.href ? [part.text] : []));

  it.each([
    ["https://en.wikipedia.org/wiki/Schindler's_List is long", "https://en.wikipedia.org/wiki/Schindler's_List"],
    ["At https://v.example/x?t=56'46, he says", "https://v.example/x?t=56'46"],
    ['https://en.example/wiki/Schindler’s_List', 'https://en.example/wiki/Schindler’s_List'],
    ["'https://a.example/x', he said", 'https://a.example/x'],
    ["the 'https://a.example/x'", 'https://a.example/x'],
    ["https://example.com's page", 'https://example.com'],
    ['https://example.com/guide，详见下文', 'https://example.com/guide'],
    ['https://example.com/guide。谢谢', 'https://example.com/guide'],
    ['https://example.com。谢谢', 'https://example.com'],
    ['https://example.com．', 'https://example.com'],
    ['https://example.com：请看', 'https://example.com'],
    ['https://example.com）然后', 'https://example.com'],
    ['（https://example.com/a）然后', 'https://example.com/a'],
    ['「https://example.com/a」と', 'https://example.com/a'],
    ['https://example.com/a（详见下文）', 'https://example.com/a'],
    ['https://zh.example/wiki/猫（动物）。', 'https://zh.example/wiki/猫（动物）'],
    ['https://ja.example/wiki/ハリー・ポッター、', 'https://ja.example/wiki/ハリー・ポッター'],
    ['“https://example.com/a”他说', 'https://example.com/a'],
    ['„https://example.com/a“.', 'https://example.com/a'],
    ['«https://example.com/a»', 'https://example.com/a'],
    ['https://example.com/a\u200f كتب', 'https://example.com/a'],
    ['\u200fhttps://example.com/a\u200e\u200f.', 'https://example.com/a'],
    ['https://example.com/a؟ نعم', 'https://example.com/a'],
    ['https://example.com/a، ثم', 'https://example.com/a'],
    ['https://example.com/a। फिर', 'https://example.com/a'],
    ['https://en.example/wiki/Hertzsprung–Russell_diagram–', 'https://en.example/wiki/Hertzsprung–Russell_diagram'],
    ['https://example.com/guide—which', 'https://example.com/guide'],
    ['https://ru.example/вики/Ёж!', 'https://ru.example/вики/Ёж'],
    ['http://[2001:db8::1]:80/x]', 'http://[2001:db8::1]:80/x'],
  ])('ends %j after the address', (text, link) => {
    expect(shown(text)).toEqual([link]);
    // No word is changed, and the host is the one that is shown.
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
    expect(linkify(text).find((part) => part.href)?.href).toBe(new URL(link).href);
  });

  it.each([
    ['https://a.example/x，https://b.example/y', ['https://a.example/x', 'https://b.example/y']],
    ["'https://a.example/x','https://b.example/y'", ['https://a.example/x', 'https://b.example/y']],
    ['https://a.example,https://b.example', ['https://a.example', 'https://b.example']],
  ])('finds each address of %j', (text, links) => expect(shown(text)).toEqual(links));

  it('finds the end of each of 200 addresses that follow one another', () => {
    for (const it of ['https://a.example/，', 'https://a.example。', 'https://a.example/猫（'])
      expect([it, linkify(it.repeat(200)).filter(({ href }) => href).length]).toEqual([it, 200]);
  });
});
