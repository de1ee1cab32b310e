import { readImageSettings } from './dockerfile';

const DOCKERFILE = `ARG BASE=node
FROM \${BASE} AS build
ENV CI=true
USER 0:0
RUN npm ci

FROM \${BASE}
# ENV LOST=1
env HOST=0.0.0.0 PORT=8000
RUN one \\
  # a comment between
  && two
ENV NODE_ENV=production \\
  EMPTY=
USER node
USER 1000:1001
`;

describe('the settings of an image', () => {
  it('are those of its last stage, not of the stages that only build', () => {
    expect(readImageSettings(DOCKERFILE)).toEqual({
      environment: { HOST: '0.0.0.0', PORT: '8000', NODE_ENV: 'production', EMPTY: '' },
      user: { uid: 1000, gid: 1001 },
    });
  });

  it.each(['', 'USER root', 'USER 1000', 'USER 1000:node'])('are refused unless the user is numeric: "%s"', (user) => {
    expect(() => readImageSettings(`FROM node\n${user}\n`)).toThrow('must name its user by numbers');
  });

  it.each(['ENV NAME value', 'ENV NAME="a b"', 'ENV NAME=$OTHER', 'ENV NAME=a=b'])(
    'is refused rather than misread: %s',
    (line) => {
      expect(() => readImageSettings(`FROM node\n${line}\nUSER 1:1\n`)).toThrow('in the form NAME=value only');
    },
  );
});
