import { parse, type Element } from "ltx";
import { SaxesParser } from "saxes";
import { expect } from "vitest";

/** An envelope as a client sees it. */
export interface Opened {
	/** What is forwarded. */
	stanza: Element;
	/** The text of `<rpad/>`; undefined if there is none. */
	padding: string | undefined;
	/** Bytes without `<rpad/>`. */
	size: number;
}

/** What makes XML with namespaces ill-formed; undefined if nothing does. */
export function ill_formed(xml: string): string | undefined {
	const errors: string[] = [];
	const parser = new SaxesParser({ xmlns: true });
	parser.on("error", ({ message }) => void errors.push(message));
	parser.write(xml).close();
	return errors[0];
}

/** Opens an envelope that must be well-formed, and be what XEP-0420 and XEP-0297 say. */
export function open_envelope(xml: string): Opened {
	expect(ill_formed(xml)).toBeUndefined();
	const envelope = parse(xml);
	expect([envelope.name, envelope.attrs]).toEqual(["envelope", { xmlns: "urn:xmpp:sce:1" }]);
	const [content, rpad, ...more] = envelope.children as Element[];
	expect([content!.name, content!.children.length, more.length]).toEqual(["content", 1, 0]);
	const forwarded = content!.children[0] as Element;
	expect([forwarded.name, forwarded.attrs]).toEqual(["forwarded", { xmlns: "urn:xmpp:forward:0" }]);
	expect(forwarded.children).toHaveLength(1);
	if (rpad !== undefined) expect([rpad.name, rpad.attrs]).toEqual(["rpad", {}]);
	const stanza = forwarded.children[0] as Element;
	expect(stanza.attrs.xmlns).toBe("jabber:client");
	return {
		stanza,
		padding: rpad?.getText(),
		size: Buffer.byteLength(xml) - Buffer.byteLength(rpad?.toString() ?? ""),
	};
}
