/** Texts of the table of false storms. All written for it; each list has twelve. */

/** Everyday matters, none like another. */
export const MATTERS = [
  'Where can I download the receipt for February?',
  'Please add a second seat to our subscription.',
  'How do I change the language of the menu?',
  'Is there a discount for schools?',
  'The colour of the chart legend is hard to read.',
  'Can two people edit one document at a time?',
  'I would like to speak to somebody about a partnership.',
  'My delivery address has changed since last week.',
  'Does the mobile app work without a connection?',
  'Which documents do you need for the data processing agreement?',
  'The newsletter comes twice, one copy is enough.',
  'When does the trial period end?',
];

/** Different matters in Thai. */
export const THAI = [
  'ขอใบเสร็จของเดือนที่แล้วได้ไหม',
  'ฉันเปลี่ยนที่อยู่จัดส่งอย่างไร',
  'แอปปิดเองทุกครั้งที่เปิดรูปภาพ',
  'มีส่วนลดสำหรับโรงเรียนหรือไม่',
  'ต้องการเพิ่มผู้ใช้อีกสองคน',
  'ช่วงทดลองใช้สิ้นสุดวันไหน',
  'สีของกราฟอ่านยากมาก',
  'ขอคุยกับฝ่ายขายเรื่องความร่วมมือ',
  'ระบบส่งจดหมายข่าวมาสองฉบับ',
  'ฉันลืมรหัสผ่านของบัญชีเก่า',
  'ใช้งานโดยไม่มีอินเทอร์เน็ตได้ไหม',
  'สินค้าที่ได้รับมีรอยขีดข่วน',
];

/** The footer of every mail of a company. */
export const SIGNATURE = '--\nSiam Trading Company Limited, Sukhumvit Road, Bangkok. Sent from my iPhone';

/** Single emoji. */
export const EMOJI = ['🔥', '🙏', '😀', '🚀', '🍕', '🐙', '🎉', '🧩', '🛑', '🪐', '👍', '🥶'];

/** A style sheet of more than 3 KB, as mail programs put before a text. */
export const STYLE_BLOCK = `<style type="text/css">\n${Array.from(
  { length: 48 },
  (_, n) => `.cell-${n} td { margin: ${n}px 0; font-family: Georgia, serif; color: #2b${n}; line-height: 1.4 }`,
).join('\n')}\n</style>\n`;

/** Three hundred words that say nothing about a matter, as companies put around every mail. */
export const BOILERPLATE = Array.from(
  { length: 10 },
  () =>
    'This message and its annexes are meant for the named addressee only and may hold confidential facts; anyone else ' +
    'is asked to delete them and to inform the sender without delay of the error.',
).join(' ');

/** Numbers as parcels, orders and bookings have them. */
export const NUMBERS = [55210, 55227, 55238, 55251, 55264, 55279, 55283, 55296, 55312, 55325, 55338, 55341];

/** Given names. */
export const NAMES = [
  ...['Ann Weber', 'Ben Okafor', 'Cleo Marsh', 'Dora Lindt', 'Emil Novak', 'Fay Rossi'],
  ...['Gus Petrov', 'Hana Sato', 'Ivo Klein', 'June Park', 'Kurt Olsen', 'Lena Fischer'],
];

/** One dead server in the words of twelve people. */
export const DEAD_SERVER = [
  'The server has crashed and will not answer any more',
  'Our server stopped responding a minute ago, all is dead',
  'Cannot reach the server at all, it is down',
  'Server outage here, no page loads',
  'Everything fails because the server is offline',
  'We get no response from your server, please repair it',
  'The server seems to be dead, connections are refused',
  'Is the server broken? It times out each time',
  'Total server failure on our side, work has stopped',
  'Your server is unreachable again, connection timed out',
  'Nothing can be opened, the server does not work',
  'Server down!! none of our users gets in',
];

/** Requests about servers that work. */
export const SERVER_REQUESTS = [
  'Could you add more memory to our server, please?',
  'Please tell me in which country the server stands.',
  'I would like to order a second server for our team.',
  'How much does a larger server cost a month?',
  'Which version of Linux does our server run?',
  'Please rename our server to north-one.',
  'May we move our server to another region next month?',
  'Could you send me the address of our server?',
  'We would like a weekly backup of the server.',
  'Please give my colleague access to the server.',
  'What is the best size of a server for ten people?',
  'Can the server be paid for by the year?',
];
