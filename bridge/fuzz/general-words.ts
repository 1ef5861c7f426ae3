import { parseElements } from "./elements";

// What the simulated server knows how to handle, whatever the module under test is. Addresses are those of the cast.

/** What a message may hold, beside what the scenarios' messages hold. */
export const messageContents = parseElements(`
	<body>Hello</body>
	<body/>
	<body>  </body>
	<body>é 😀 &lt;&amp;&gt;</body>
	<body xml:lang="de">Hallo</body>
	<body xmlns="urn:example:other">Hello</body>
	<body>over <b>there</b></body>
	<subject>News</subject>
	<subject/>
	<thread>t1</thread>
	<active xmlns="http://jabber.org/protocol/chatstates"/>
	<composing xmlns="http://jabber.org/protocol/chatstates"/>
	<request xmlns="urn:xmpp:receipts"/>
	<received xmlns="urn:xmpp:receipts" id="m0"/>
	<markable xmlns="urn:xmpp:chat-markers:0"/>
	<displayed xmlns="urn:xmpp:chat-markers:0" id="m0"/>
	<encrypted xmlns="eu.siacs.conversations.axolotl"><header sid="1"/></encrypted>
	<encrypted xmlns="urn:xmpp:omemo:0"><header/></encrypted>
	<encrypted xmlns="urn:xmpp:omemo:2"/>
	<encryption xmlns="urn:xmpp:eme:0" namespace="urn:xmpp:omemo:2" name="OMEMO"/>
	<x xmlns="jabber:x:encrypted">hQEMA</x>
	<openpgp xmlns="urn:xmpp:openpgp:0">hQEMA</openpgp>
	<propose xmlns="urn:xmpp:jingle-message:0" id="c1">
		<description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/>
	</propose>
	<propose xmlns="urn:xmpp:jingle-message:1" id="c1"/>
	<proceed xmlns="urn:xmpp:jingle-message:0" id="c1"/>
	<retract xmlns="urn:xmpp:jingle-message:0" id="c1"/>
	<store xmlns="urn:xmpp:hints"/>
	<no-store xmlns="urn:xmpp:hints"/>
	<no-permanent-store xmlns="urn:xmpp:hints"/>
	<no-copy xmlns="urn:xmpp:hints"/>
	<private xmlns="urn:xmpp:carbons:2"/>
	<stanza-id xmlns="urn:xmpp:sid:0" by="{account}" id="forged"/>
	<origin-id xmlns="urn:xmpp:sid:0" id="o1"/>
	<x xmlns="http://jabber.org/protocol/muc#user"/>
	<x xmlns="jabber:x:conference" jid="room@muc.localhost"/>
	<delay xmlns="urn:xmpp:delay" stamp="2020-01-01T00:00:00Z"/>
	<error type="cancel"><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>
	<event xmlns="http://jabber.org/protocol/pubsub#event"><items node="urn:example:n"/></event>
	<sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">
		<message xmlns="jabber:client" type="chat"><body>Forged</body></message>
	</forwarded></sent>
	<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">
		<message xmlns="jabber:client" type="chat"><body>Forged</body></message>
	</forwarded></received>
	<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">
		<message xmlns="jabber:client" type="headline"><body>Forged</body></message>
	</forwarded></received>
`);

/** What clients send beside messages. */
export const clientStanzas = parseElements(`
	<presence/>
	<presence><priority>5</priority></presence>
	<presence><priority>-1</priority></presence>
	<presence><show>away</show><status>Out</status></presence>
	<presence><show>away</show></presence>
	<presence><show>xa</show></presence>
	<presence><show>xa</show><priority>-1</priority></presence>
	<presence><show>dnd</show></presence>
	<presence><show>chat</show><priority>1</priority></presence>
	<presence><show/></presence>
	<presence><show>asleep</show></presence>
	<presence type="unavailable"/>
	<presence to="{other}"/>
	<presence to="{other}" type="subscribe"/>
	<presence to="{other}" type="subscribed"/>
	<presence to="{other}" type="unsubscribe"/>
	<presence to="{other}" type="unsubscribed"/>
	<presence to="{account}" type="subscribe"/>
	<presence to="{account}" type="subscribed"/>
	<presence to="{account}" type="unsubscribed"/>
	<presence to="friend@contact.localhost" type="subscribe"/>
	<presence to="friend@contact.localhost" type="subscribed"/>
	<presence to="friend@contact.localhost" type="unsubscribed"/>
	<inactive xmlns="urn:xmpp:csi:0"/>
	<active xmlns="urn:xmpp:csi:0"/>
	<r xmlns="urn:xmpp:sm:3"/>
	<iq type="set" id="c1"><enable xmlns="urn:xmpp:carbons:2"/></iq>
	<iq type="set" id="c2"><disable xmlns="urn:xmpp:carbons:2"/></iq>
	<iq type="get" id="q1"><query xmlns="jabber:iq:roster"/></iq>
	<iq type="set" id="q2"><query xmlns="jabber:iq:roster"><item jid="{other}" name="Friend"/></query></iq>
	<iq type="set" id="q3"><query xmlns="jabber:iq:roster"><item jid="{other}" subscription="remove"/></query></iq>
	<iq type="get" id="q4" to="{account}"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
	<iq type="get" id="q5" to="localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>
	<iq type="get" id="q6"><ping xmlns="urn:xmpp:ping"/></iq>
	<iq type="set" id="q7"><query xmlns="urn:xmpp:mam:2" queryid="f1"/></iq>
	<iq type="get" id="q8"><prefs xmlns="urn:xmpp:mam:2"/></iq>
	<iq type="set" id="q9">
		<prefs xmlns="urn:xmpp:mam:2" default="never"><always><jid>{other}</jid></always><never/></prefs>
	</iq>
	<iq type="set" id="q10">
		<prefs xmlns="urn:xmpp:mam:2" default="always"><always/><never><jid>{other}</jid></never></prefs>
	</iq>
	<iq type="get" id="q11" to="{other/0}"><query xmlns="jabber:iq:version"/></iq>
	<iq type="result" id="q12" to="localhost"/>
`);

/** What arrives from elsewhere beside messages. */
export const foreignStanzas = parseElements(`
	<presence from="friend@contact.localhost/x" to="{account}"/>
	<presence from="friend@contact.localhost/x" to="{account}" type="unavailable"/>
	<presence from="friend@contact.localhost" to="{account}" type="subscribe"/>
	<presence from="friend@contact.localhost" to="{account}" type="subscribed"/>
	<presence from="friend@contact.localhost" to="{account}" type="probe"/>
	<presence from="friend@contact.localhost/x" to="{account/0}"><show>away</show></presence>
	<iq type="get" id="v1" from="contact.localhost" to="{account/0}"><query xmlns="jabber:iq:version"/></iq>
	<iq type="get" id="v2" from="friend@contact.localhost/x" to="{account}">
		<query xmlns="http://jabber.org/protocol/disco#info"/>
	</iq>
	<iq type="get" id="v3" from="contact.localhost" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>
`);

/** Options of the simulated server, each with Lua literals. */
export const serverOptions: readonly (readonly [name: string, literals: readonly string[]])[] = [
	["smacks_hibernation_time", ["5", "60", "300", "3600"]],
	["smacks_max_ack_delay", ["0.5", "1", "5", "60"]],
	["smacks_max_queue_size", ["2", "5", "10"]],
	["smacks_max_unacked_stanzas", ["1", "3"]],
	["smacks_max_inactive_unacked_stanzas", ["1", "3"]],
	["csi_queue_size", ["1", "3"]],
	["csi_resume_inactive_delay", ["0", "1", "20"]],
	["default_archive_policy", ["false", '"roster"', "true"]],
	["ignore_presence_priority", ["true"]],
	["modules_disabled", ['{ "mam" }', '{ "offline" }', '{ "carbons" }', '{ "csi_simple" }', '{ "mam", "offline" }']],
];

/** The modules of the simulated server that are reloaded beside the module under test. */
export const reloadable: readonly string[] = ["smacks", "mam", "carbons", "csi_simple", "offline"];

/** Seconds: about the time-outs of the simulated server, and in between. */
export const durations: readonly number[] = [
	0.1, 0.5, 1, 1.5, 2, 2, 2, 3, 5, 10, 29.9, 30, 31, 60, 119, 121, 300, 600, 660, 900,
];

/** Hours: who is connected meanwhile hears from the server again and again, which takes real time. */
export const longDurations: readonly number[] = [3600, 7200, 86_400, 262_800];

/** Seconds: about the times after which pushes are sent again, up to that after which they are too old. */
export const retryDurations: readonly number[] = [14.9, 45.1, 60, 90, 180, 600, 1800, 3600, 3700, 7200];

/** Users and resources that mean something elsewhere. */
export const strangeNames: readonly string[] = [
	"__proto__", "constructor", "length", "5", "1", "0", "tostring", "hasownproperty", "ü", "next", "_g",
];
