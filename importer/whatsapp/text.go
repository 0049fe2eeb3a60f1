package whatsapp

import (
	"strings"
	"unicode"

	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// generated marks what WhatsApp itself wrote, right after the author.
const generated = "\u200e"

var (
	attached   = pattern.New(`[\x{200e}\x{200f}]*<[^<>:\n]{3,30}[:：] ?([^<>\n]{3,200}\.[A-Za-z0-9]{2,5})>`)
	document   = pattern.New(`^[^\n]{1,200}\.[A-Za-z0-9]{2,5} • [\x{200e}\x{200f}]*[^\n]{1,40}$`)
	fileLine   = pattern.New(`^([\x{200e}\x{200f}]*)([^\n<>]{1,200}\.[A-Za-z0-9]{2,5}) \([^()\n]{3,40}\)$`)
	phoneFile  = pattern.New(`-WA\d{4}`)
	editedTail = pattern.New(`(?:[\x{200e}\x{200f}]+<[^<>\n]{5,60}>|<(?:This message was edited|Diese Nachricht wurde bearbeitet\.?|Se editó este mensaje\.?|Ce message a été modifié\.?|Mensagem editada\.?|Questo messaggio è stato modificato\.?|Dit bericht is bewerkt\.?)>)$`)
	poll       = pattern.New(`^[\x{200e}\x{200f}]*\p{L}[\p{L} ]{2,20}[:：]\n`)
	option     = pattern.New(`^[\x{200e}\x{200f}]+\p{L}[\p{L} ]{2,20}[:：] ?(.*?)(?: \([\x{200e}\x{200f}]*\d+ [^()]*\))?$`)
	fileWords  = pattern.New(`(?i)\((?:file attached|archivo adjunto|datei angehängt|fichier joint|arquivo anexado|ficheiro anexado|file allegato|bestand bijgevoegd|plik załączony|файл добавлен|dosya ekli|file terlampir|添付ファイル|파일 첨부됨|附件)\)$`)
)

// nothing are the sentences that stand for something that is no text, folded
// and without a full stop. Exports of some languages lack the mark that tells
// them from what a person wrote.
var nothing = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Split(`<media omitted>|<medien ausgeschlossen>|<médias omis>|<fichier omis>|<multimedia omitido>|<archivo omitido>|<mídia oculta>|<arquivo de mídia oculto>|<ficheiro não revelado>|<media omessi>|<media weggelaten>|<medya dahil edilmedi>|<без медиафайлов>|<файл пропущен>|<pominięto multimedia>|<media tidak disertakan>|<メディアは含まれていません>|<미디어 파일 제외됨>|<省略多媒体文件>|<媒體已略去>|<mediatiedosto jätetty pois>|<media utelatt>|<media utelämnad>|<médium vynecháno>|<medier utelukket>|<تم استبعاد الوسائط>|<view once voice message omitted>
image omitted|video omitted|sticker omitted|gif omitted|audio omitted|document omitted|contact card omitted|video note omitted
bild weggelassen|video weggelassen|sticker weggelassen|audio weggelassen|gif weggelassen|dokument weggelassen|kontaktkarte ausgelassen|videonachricht weggelassen
imagen omitida|video omitido|sticker omitido|audio omitido|documento omitido|gif omitido|tarjeta de contacto omitida
image absente|vidéo absente|audio omis|document manquant|gif retiré|sticker omis
imagem ocultada|vídeo omitido|vídeo ocultado|áudio ocultado|figurinha omitida|documento ocultado|gif ocultado
immagine omessa|video omesso|audio omesso|sticker non incluso|documento omesso|gif esclusa
afbeelding weggelaten|video weggelaten|audio weggelaten|sticker weggelaten|document weggelaten
this message was deleted|you deleted this message|this message was deleted by admin
diese nachricht wurde gelöscht|du hast diese nachricht gelöscht
se eliminó este mensaje|este mensaje fue eliminado|eliminaste este mensaje
ce message a été supprimé|vous avez supprimé ce message
mensagem apagada|você apagou esta mensagem|esta mensagem foi apagada|eliminou esta mensagem
questo messaggio è stato eliminato|hai eliminato questo messaggio
dit bericht is verwijderd|u hebt dit bericht verwijderd
missed voice call|missed video call|verpasster sprachanruf|verpasster videoanruf|null|waiting for this message. this may take a while`,
		"\n") {
		for _, one := range strings.Split(s, "|") {
			m[strings.TrimSpace(one)] = true
		}
	}
	return m
}()

// clean takes away what WhatsApp put into a message and returns what a person
// wrote, and the file that came with it.
func clean(text string) (words, media string) {
	text = editedTail.ReplaceAllStringFunc(strings.TrimSpace(text), func(tail string) string {
		if attached.MatchString(tail) {
			return tail
		}
		return ""
	})
	text = strings.TrimSpace(text)
	if m := attached.FindStringSubmatchIndex(text); m != nil {
		media = unmarked(text[m[2]:m[3]])
		text = strings.TrimSpace(text[:m[0]] + text[m[1]:])
		if bare := strings.Trim(text, "\u200e\u200f \u00a0•"); document.MatchString(text) || bare == media {
			return "", media
		}
	} else if name, rest, ok := androidFile(text); ok {
		media, text = name, rest
	}
	switch {
	case poll.MatchString(text) && strings.HasPrefix(text, generated):
		return pollText(text), media
	case strings.HasPrefix(text, generated) && media == "" && !strings.HasPrefix(text, generated+"\u2068") && !strings.HasPrefix(text, generated+"@"):
		return "", media
	case nothing[strings.TrimSuffix(strings.ToLower(strings.TrimSpace(unmarked(text))), ".")]:
		return "", media
	}
	return strings.TrimSpace(unmarked(text)), media
}

// androidFile splits "FILE (file attached)" from the caption below it.
func androidFile(text string) (name, rest string, ok bool) {
	first, rest, _ := strings.Cut(text, "\n")
	m := fileLine.FindStringSubmatch(first)
	if m == nil || m[1] == "" && !phoneFile.MatchString(m[2]) && !fileWords.MatchString(first) {
		return "", "", false
	}
	return unmarked(m[2]), strings.TrimSpace(rest), true
}

// pollText is the question and its answers, without the votes.
func pollText(text string) string {
	lines := strings.Split(text, "\n")[1:]
	for i, l := range lines {
		if m := option.FindStringSubmatch(l); m != nil {
			l = "- " + m[1]
		}
		lines[i] = strings.TrimSpace(unmarked(l))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// unmarked drops the marks that WhatsApp puts around names; the writing of
// Hebrew and Arabic does not depend on them.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		if intake.IsMark(r) || unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
