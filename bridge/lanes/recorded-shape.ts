import { isNotification } from "../trace/push2";
import { SERIES } from "../server/series";
import type { RecordedFile } from "./recorded-file";

/** Whether data are those of a recording, in all that is read of one. */
export function isRecordedFile(data: unknown): data is RecordedFile {
	if (!isObject(data)) return false;
	const { scenario, script, revision, series, originals, failure, log, entries, ids, times } = data;
	return [scenario, script, revision].every(isText)
		&& (series === undefined || SERIES.some((one) => one === series))
		&& isObject(originals) && Object.values(originals).every(isText)
		&& (failure === undefined || isFailure(failure))
		&& isListOf(log, isLogged) && isListOf(entries, isEntry) && isListOf(ids, isText) && isListOf(times, isText);
}

function isFailure(data: unknown): boolean {
	return isObject(data) && isStepped(data) && isText(data.message) && [data.expected, data.received].every(isTextOrAbsent);
}

function isLogged(data: unknown): boolean {
	return isObject(data) && isStepped(data) && [data.at, data.after].every(isNumber) && data.level === "error"
		&& [data.source, data.message].every(isText);
}

/** Whether it is an entry of a trace. What notifications of Push 2.0 say stands in the clear. */
function isEntry(data: unknown): boolean {
	if (!isObject(data) || !isStepped(data) || !isNumber(data.at)) return false;
	switch (data.kind) {
		case "stanza":
			return [data.to, data.from, data.xml].every(isText) && (data.payload === undefined || !isNotification(data.xml as string));
		case "reply":
			return [data.to, data.xml].every(isText);
		case "http":
			return [data.method, data.url, data.body].every(isText) && [data.to, data.answer].every(isTextOrAbsent)
				&& isObject(data.headers) && Object.values(data.headers).every(isText)
				&& (data.vapid === undefined || isObject(data.vapid)) && (data.undelivered === undefined || data.undelivered === true);
		case "store":
			return isText(data.store) && isTextOrAbsent(data.user) && data.data !== undefined;
		default:
			return false;
	}
}

function isStepped({ step }: Record<string, unknown>): boolean {
	return step === undefined || (Number.isInteger(step) && (step as number) > 0);
}

function isObject(data: unknown): data is Record<string, unknown> {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isListOf(data: unknown, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(data) && data.every(isItem);
}

function isText(data: unknown): boolean {
	return typeof data === "string";
}

function isTextOrAbsent(data: unknown): boolean {
	return data === undefined || isText(data);
}

function isNumber(data: unknown): boolean {
	return typeof data === "number";
}
