import { describe, expect, it } from '@jest/globals';
import { linkify, paragraphs } from '../../web/embed/linkify.js';

const hrefs = (text: string) => linkify(text).flatMap((part) => (part.href ? [part.href] : []));

describe('links in a text', () => {
  it('are http and https addresses, without the sentence around them', () => {
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

  it('show the ASCII form of a host that mixes scripts, and leave an honest one', () => {
    expect(linkify('https://pаypal.example/x')[0]?.text).toBe('https://xn--pypal-4ve.example/x');
    expect(linkify('https://bücher.example/')[0]?.text).toBe('https://bücher.example/');
  });

  it('leave every other text as it is', () => {
    const text = '<img src=x onerror=alert(1)> & <b>bold</b> "https://a.example"';
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('stay quick on a text made to be slow', () => {
    const started = performance.now();
    linkify(`https://${'('.repeat(2500)}${')'.repeat(2500)}`);
    linkify('https://a.example/'.repeat(300));
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('paragraphs are what empty lines part', () => {
    expect(paragraphs('a\nb\n\n\nc\n\n')).toEqual(['a\nb', 'c\n\n'.trimEnd()]);
  });
});
