// A relying party made with npm's openid-client. It says where to send the citizen, one JSON a line; is told
// to which address they came back; checks the answer, redeems the code, verifies the id token against the
// published keys, fetches the facts, and says what it learned. What it can't accept ends it with an error.
import { createInterface } from 'node:readline'
import * as oidc from 'openid-client'

const { issuer, client_id, client_secret, redirect_uri, scope } = JSON.parse(process.argv.at(-1))
const say = (what) => console.log(JSON.stringify(what))
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const config = await oidc.discovery(new URL(issuer), client_id, client_secret, undefined, {
  execute: [oidc.allowInsecureRequests], // http on this machine
})
const verifier = oidc.randomPKCECodeVerifier()
const state = oidc.randomState()
const nonce = oidc.randomNonce()
const asked = oidc.buildAuthorizationUrl(config, {
  redirect_uri,
  scope,
  state,
  nonce,
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
})
say({ send_to: asked.href })

const { value: cameBack } = await lines.next()
const expected = {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 600,
  idTokenExpected: true,
}
const elsewhere = new URL(cameBack)
elsewhere.searchParams.set('iss', 'https://another.example')
const forged = await oidc.authorizationCodeGrant(config, elsewhere, expected).then(
  () => 'taken',
  () => 'refused',
)
const tokens = await oidc.authorizationCodeGrant(config, new URL(cameBack), expected)
const claims = tokens.claims()
const facts = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
const again = await oidc.authorizationCodeGrant(config, new URL(cameBack), expected).then(
  () => 'taken',
  (no) => no.error,
)
const header = JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url'))
say({ header, claims, facts, forged, again })
process.exit(0)
