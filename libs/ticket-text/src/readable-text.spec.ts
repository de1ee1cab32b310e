import fc from 'fast-check';
import { readableText } from './readable-text';

/** As a mail program puts it before every mail: longer than what an embedder reads. */
const STYLE_BLOCK = `<style type="text/css">\n${'@media screen { .ExternalClass, .row-content > td { width: 100% !important; } }\n'.repeat(40)}</style>`;

const OUTLOOK_MAIL = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]-->
<style><!--
/* Font Definitions */
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt;}
--></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]-->
<title>Re: till</title></head>
<body lang="EN-GB" link="#0563C1"><div class="WordSection1">
<p class="MsoNormal"><span style='font-size:11.0pt;font-family:"Calibri",sans-serif'>The till in the shop
does&nbsp;not open any&nbsp;more.<o:p></o:p></span></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<![if !supportLists]><p class="MsoListParagraph">1.<![endif]> Error <b>503</b> at the second key<o:p></o:p></p>
<p class="MsoNormal"><st1:City w:st="on">Leeds</st1:City>, R&amp;D<v:shape id="logo" type="#_x0000_t75"></v:shape></p>
</div></body></html>`;

describe('what a person reads of a text', () => {
  it.each(['The parcel never came.', 'I was charged twice.', 'May we cite your report?'])(
    'is the matter alone, whatever style block stands above it: %s',
    (matter) => {
      expect(readableText(`${STYLE_BLOCK}<div dir="ltr">${matter}</div>`)).toBe(matter);
      expect(readableText(`${STYLE_BLOCK}\n${matter}`)).toBe(matter);
      expect(readableText(STYLE_BLOCK.toUpperCase() + matter)).toBe(matter);
    },
  );

  it('is the lines of a mail from Outlook, without conditional comments, fonts and empty Office tags', () => {
    expect(readableText(OUTLOOK_MAIL).split('\n')).toEqual([
      'The till in the shop does not open any more.',
      '1. Error 503 at the second key',
      'Leeds, R&D',
    ]);
  });

  it('keeps what a conditional comment shows to other programs', () => {
    expect(readableText('<!--[if mso]>old<![endif]--><!--[if !mso]><!-->new<!--<![endif]-->')).toBe('new');
  });

  it('has no line for a tracking pixel or a picture, nor its address', () => {
    const pixel = '<img src="https://track.example.com/o.gif?a=1>2&amp;b" width="1" height="1" alt="">';
    expect(readableText(`<div>Down again.</div>${pixel}`)).toBe('Down again.');
    expect(readableText("<div title = 'a > b' lang=it's>I don't know</div>")).toBe("I don't know");
  });

  it('has blanks for &nbsp; and the characters that other entities stand for', () => {
    expect(
      readableText('<p>It&nbsp;&nbsp;costs&#160;5&nbsp;&euro;, Herr M&uuml;ller &#8211; can&#39;t&#x21;</p>'),
    ).toBe("It costs 5 €, Herr Müller – can't!");
    expect(readableText('&#x1F600; &#xD83D;&#xDE00; &#xD83D; &#0;')).toBe('😀 😀 \ufffd \ufffd');
    expect(readableText('can&#39;t log in &amp; can&rsquo;t call')).toBe("can't log in & can’t call");
  });

  it('leaves entities alone that are parts of an address or unknown', () => {
    const text = 'https://example.com/?a=1&copy=2&lt=3 R&D; &nosuch; AT&T';
    expect(readableText(text)).toBe(text);
  });

  it('has a line for each row of nested tables, with blanks between cells', () => {
    const inner = '<table><tr><td>Order</td><td>4100</td></tr><tr><td>Total</td><td>12 EUR</td></tr></table>';
    expect(readableText(`<table border=0><tr><td>${inner}</td></tr><tr><th>Thanks</th></tr></table>`)).toBe(
      'Order 4100\nTotal 12 EUR\nThanks',
    );
  });

  it('keeps the line breaks of block elements, and white space of the source is one blank', () => {
    expect(readableText('<p>one\n  line</p>\n\n\n<ul>\n<li>two</li><li>three</li></ul>four<br/>five<BR>six')).toBe(
      'one line\ntwo\nthree\nfour\nfive\nsix',
    );
  });

  it('keeps the lines of preformatted text', () => {
    expect(readableText('<p>log:</p><pre>at a\n  at b</pre><p>see\nabove</p>')).toBe('log:\nat a\nat b\nsee above');
  });

  it('keeps the lines that a person typed where all tags are inline', () => {
    expect(readableText('Hello,\n\n\nmy <b>order</b> is\nlate.\n\nThanks')).toBe(
      'Hello,\n\nmy order is\nlate.\n\nThanks',
    );
  });

  it('does not take words apart that are partly bold', () => {
    expect(readableText('<b>H</b>ello <i>wor</i>ld')).toBe('Hello world');
  });

  it('has no scripts, drawings, titles and Office settings', () => {
    const unread =
      '<script>if (a < b) alert("x</p>")</script><svg><text>logo</text></svg><title>News</title><xml><o:Zoom>0</o:Zoom></xml>';
    expect(readableText(`${unread}<p>Hi</p>`)).toBe('Hi');
  });

  it.each([
    ['tags', '<div><p></p><br></div>'],
    ['a style block', STYLE_BLOCK],
    ['a style block that was cut off', STYLE_BLOCK.slice(0, 500)],
    ['a style block that was cut off behind a brace', '<style>\n@media screen {'],
    ['a style block that was cut off, with its first rule in the line of its tag', '<style> table td {margin:0'],
    ['a script that was cut off', '<script> var queue = []; function send() { queue.push('],
    [
      'a document that was cut off in its head',
      '<!DOCTYPE html><html><head><title>Re: till</title><style><!--\np {margin:0',
    ],
    ['a comment that was cut off amid styles', '<!--[if mso]><style>p{margin:0}'],
    ['blanks', '<p>&nbsp;</p><p> </p>'],
    ['the padding of a preview', '<div>&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&shy;</div>'],
    ['declarations', '<?xml version="1.0"?><?xml:namespace prefix = o ns = "urn:o" /><!DOCTYPE html>'],
  ])('is nothing where there is nothing but %s', (_name, text) => {
    expect(readableText(text)).toBe('');
  });

  it('ends where code was cut off, be it below text', () => {
    expect(readableText('<p>The till is down.</p><style>\n.footer {margin:0; co')).toBe('The till is down.');
    expect(readableText('The till is down.<style type="text/css">p {margin:0')).toBe('The till is down.');
  });

  it.each([
    '<!-- instead of the {name} field',
    '<script> tag with {"a": 1}',
    '<style> does not end, and {margin: 0}',
    '"<style>" of {margin: 0}',
    '`<script>`, {a: 1}',
    '<!DOCTYPE in the log and {"error": 5}',
  ])('goes on behind a sentence about %s', (mention) => {
    const words = 'All our tills are down, please help';
    expect(readableText(`<p>Hi,</p>\n<p>I see ${mention}. ${words}`)).toContain(words);
    expect(readableText(`${mention}: ${words}`)).toContain(words);
  });

  it('has the titles and data that somebody shows; the title of a mail is none', () => {
    expect(readableText('Our feed is broken: <item><title>Sale</title><link>x</link></item>')).toContain('Sale');
    expect(readableText('The export is <xml><fault>503</fault></xml> since noon')).toContain('503');
    expect(
      readableText(
        'Forwarded:<html><head><title>Re: till</title><xml><o:Zoom>0</o:Zoom></xml></head><p>Down</p></html>',
      ),
    ).toBe('Forwarded:\nDown');
  });

  it('takes out markup that was escaped as a whole', () => {
    const escaped = (html: string): string => html.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    expect(readableText(escaped(OUTLOOK_MAIL))).toBe(readableText(OUTLOOK_MAIL));
  });

  it('keeps escaped markup that somebody writes about', () => {
    expect(readableText('<p>My &lt;b&gt;bold&lt;/b&gt; tag is &amp;nbsp; shown</p>')).toBe(
      'My <b>bold</b> tag is &nbsp; shown',
    );
  });
});

describe('a text without markup', () => {
  it.each([
    'The server is down.\n\n  Since 9.\tReally. ',
    '',
    'if a < b and c > d, or a<b && c>d, or x<i && y>0',
    'List<String> names = new Map<String, Object>(); Array<Data> <Button> Vec<u8>',
    'Mail from Bo <bo@example.com>, see <https://example.com/a?b=1&c=2> <mailto:bo@example.com>',
    'Dear <name>, press <enter>: <3 <- <<< >>> <> </> < p>',
    'the <style tag is missing, and <!-- is shown',
    'The <b> tag does not work, nor <style> nor <table>',
    'Oct 21 08:04  a11y: <button role=none> "Confirm transfer"',
    'R&D; AT&T &copy=1 &; &#; & &nosuch;',
    '<?php $a->b < 5; ?> <![CDATA[x]]> <!important>',
    'ราคาเท่าไหร่ 🙂‍↔️ \ud800 \u0000',
    'My template shows <!-- instead of the {name} field. All our tills are down, please help',
    'I saw <!DOCTYPE in the log and {"error": 5}; production is down',
    'I saw <!doctype html in the log -> {"error": 5}; List<String> is empty',
    'The <script> tag with {x} breaks the shop: function pay() { return 503; }',
    'A <style> in the mail, p {margin:0}, is shown as text',
    'The feed begins with <?xml and then {"error": 5} comes -> no orders',
    'It prints <![CDATA[ and <![if and then {"error": 5} -> no orders',
    'The <title> and the <head> are empty, <textarea> shows {value: 5}',
    'at shop.Basket.add(Basket.java:31) List<String> Map<Long, Order> { state: 5 } <init> <clinit>',
    '<order id=5><state>{"paid": true}</state></order>',
    'if (a < b && c > d) { pay(); } else if (a <b && c> d) { stop(); }',
    'The <input name="x lacks a quote. All our tills are down. He said "hi" -> ok',
  ])('stays as it is: %j', (text) => {
    expect(readableText(text)).toBe(text);
  });

  it('loses no word to the names of markup that it mentions', () => {
    const mention = fc.constantFrom(
      '<!--',
      '<!DOCTYPE',
      '<?xml',
      '<![CDATA[',
      '<![if',
      '<script>',
      '<style>',
      '<title>',
      '<head>',
      '<xml>',
      '<style',
      '&lt;!--',
    );
    const rest = fc.constantFrom(
      '{name}',
      '{"error": 5};',
      'p {margin:0}',
      'f() { return 1; }',
      'List<String>',
      'a < b && c > d',
      '->',
    );
    const sentence = fc
      .array(fc.stringMatching(/^[a-z]{2,8}$/), { minLength: 3, maxLength: 6 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(sentence, fc.array(fc.tuple(mention, sentence, rest, sentence), { maxLength: 4 }), (first, parts) => {
        const read = readableText([first, ...parts.flat()].join(' '));
        for (const words of [first, ...parts.flatMap(([, one, , other]) => [one, other])])
          expect(read).toContain(words);
      }),
    );
  });

  it('stays but for its entities', () => {
    expect(readableText('R&amp;D:  the <b> tag &lt; 5')).toBe('R&D:  the <b> tag < 5');
  });

  it('keeps what only looks like a tag when there is markup beside it', () => {
    const text = 'if a<b && c>d then Map<String, Object> or Array<Data> in <Button> for Bo <bo@example.com>, I <3 it';
    expect(readableText(`<p>${text}</p>`)).toBe(text);
  });
});

describe('quotations and what is not shown', () => {
  it.each([
    [
      'each line of a quotation is marked',
      '<p>a</p><blockquote><p>b <b>c</b></p>d<br>e</blockquote>f',
      'a\n> b c\n> d\n> e\nf',
    ],
    ['one inside another, too', '<blockquote>a<blockquote>b</blockquote>c</blockquote>d', '> a\n> b\n> c\nd'],
    ['lines of the source make none', '<blockquote><pre>a\nb</pre></blockquote><pre>c\nd</pre>', '> a b\nc\nd'],
    ['a hidden element', '<div style="color:red; display: none">a<div>b</div>c</div><p>d</p>', 'd'],
    ['with the quotation inside it', `<div style='display:none'><blockquote>a</blockquote></div><p>d</p>`, 'd'],
    ['behind a hidden image', '<img style="display:none"><span style="DISPLAY:NONE">a</span><p>d</p>', 'd'],
    ['one that never ends is read', '<p>a</p><div style="display:none">b<p>c', 'a\nb\nc'],
    ['one that is all there is, too', '<div style="display:none">a</div>', 'a'],
    ['one that is shown', '<div style="display:block">a</div><p title="display:none">b</p>', 'a\nb'],
  ])('%s', (_name, text, read) => {
    expect(readableText(text)).toBe(read);
  });
});
