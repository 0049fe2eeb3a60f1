package meta

import (
	"strings"

	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
)

// A Media is one file of a JSON record.
type Media struct {
	URI         string
	Created     int64
	Title       string // caption on Instagram, album on Facebook
	Description string // caption on Facebook
}

// Read takes a media object.
func (m *Media) Read(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "uri":
			return Text(d, &m.URI)
		case "creation_timestamp":
			return Number(d, &m.Created)
		case "title":
			return Text(d, &m.Title)
		case "description":
			return Text(d, &m.Description)
		}
		return jsonstream.Skip(d)
	})
}

// ReadMedia takes a list of media, or a lone one.
func ReadMedia(d *jsonstream.Decoder, all *[]Media) error {
	one := func() error {
		var m Media
		err := m.Read(d)
		if m != (Media{}) {
			*all = append(*all, m)
		}
		return err
	}
	if d.PeekKind() == '{' {
		return one()
	}
	return jsonstream.List(d, one)
}

// A Label is one labelled value of the generic records that Meta writes since
// about 2024, of the older maps and lists of strings, or of a row in a page's
// table.
type Label struct {
	Field string // ent_field_name, in every language the same
	Name  string // label or title as the account's language has it
	Value string
	Href  string
	Time  int64 // unix seconds; 0 for none
	Date  Date  // of a page
	Dict  []Label
	Media []Media
}

// An Entry is one record with labelled values.
type Entry struct {
	Time   int64
	ID     string // fbid
	Title  string
	Labels []Label
	Media  []Media
}

// Read takes a record: {timestamp, media, fbid, label_values}, or
// {title, string_map_data}, or {title, string_list_data}.
func (e *Entry) Read(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "timestamp", "creation_timestamp":
			return Number(d, &e.Time)
		case "fbid":
			return jsonstream.Text(d, &e.ID)
		case "title":
			return Text(d, &e.Title)
		case "media", "media_list_data":
			return ReadMedia(d, &e.Media)
		case "label_values", "string_list_data":
			return ReadLabels(d, &e.Labels)
		case "string_map_data":
			return jsonstream.Object(d, func(name []byte) error {
				l := Label{Name: Repair(string(name))}
				err := l.Read(d)
				e.Labels = append(e.Labels, l)
				return err
			})
		}
		return jsonstream.Skip(d)
	})
}

// ReadLabels takes a list of labelled values, or a lone one.
func ReadLabels(d *jsonstream.Decoder, all *[]Label) error {
	one := func() error {
		var l Label
		err := l.Read(d)
		*all = append(*all, l)
		return err
	}
	if d.PeekKind() == '{' {
		return one()
	}
	return jsonstream.List(d, one)
}

// Read takes one labelled value.
func (l *Label) Read(d *jsonstream.Decoder) error {
	if d.PeekKind() == '"' {
		return Text(d, &l.Value)
	}
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "ent_field_name":
			return jsonstream.Text(d, &l.Field)
		case "label", "title":
			return Text(d, &l.Name)
		case "value":
			return Text(d, &l.Value)
		case "href":
			return Text(d, &l.Href)
		case "timestamp_value", "timestamp":
			return Number(d, &l.Time)
		case "media":
			return ReadMedia(d, &l.Media)
		case "dict", "vec":
			return ReadLabels(d, &l.Dict)
		}
		return jsonstream.Skip(d)
	})
}

// A Role is what a labelled value means.
type Role int

// The roles that matter. RoleUnknown is anything else.
const (
	RoleUnknown Role = iota
	RoleText         // what was written
	RoleOwner        // whose post or medium it is
	RoleName
	RoleTitle
	RoleTime
	RoleURL
	RoleGroup
	RoleReaction
	RoleUpdated
	RolePlace
	RoleUser // user name
	RoleBio
	RoleChoice // what was chosen in a poll
)

// roles holds labels, squashed and in lower case. Where a language is missing
// the shape of the value decides.
var roles = map[Role]string{
	RoleText: "comment|text|message|post|description|caption|question|answer|status|content text|note|review|story|" +
		"kommentar|nachricht|beschreibung|beitrag|commentaire|message|texte|légende|publication|comentario|mensaje|texto|publicación|descripción|" +
		"comentário|mensagem|legenda|publicação|descrição|commento|messaggio|testo|descrizione|opmerking|reactie|bericht|tekst|beschrijving|bijschrift|" +
		"besked|beskrivelse|melding|meddelande|beskrivning|komentarz|wiadomość|opis|treść|yorum|mesaj|metin|açıklama|bình luận|tin nhắn|nội dung|mô tả|" +
		"komentar|pesan|teks|keterangan|komentář|zpráva|popis|kommentti|viesti|teksti|hozzászólás|üzenet|comentariu|комментарий|коментар|сообщение|текст|" +
		"コメント|テキスト|댓글|텍스트|评论|留言|文字|تعليق|टिप्पणी|ความคิดเห็น",
	RoleOwner: "media owner|owner|author|target|medieninhaber|inhaber|autor|propriétaire du contenu|propriétaire du média|auteur|propietario del contenido|propietario|" +
		"proprietário da mídia|proprietário|proprietario|proprietario del contenuto|autore|media-eigenaar|eigenaar|medieejer|ejer|medieeier|eier|medieägare|ägare|" +
		"właściciel multimediów|właściciel|medya sahibi|sahibi|chủ sở hữu phương tiện|chủ sở hữu|tác giả|pemilik media|pemilik|penulis|vlastník média|vlastník|владелец|автор|" +
		"メディア所有者|작성자|媒体所有者|المالك",
	RoleName:  "name|nom|nombre|nome|naam|navn|namn|nazwa|imię|ad|tên|nama|jméno|nimi|név|nume|имя|название|名前|이름|姓名|名称|الاسم",
	RoleTitle: "title|titel|titre|título|titolo|tytuł|başlık|tiêu đề|judul|заголовок|タイトル",
	RoleTime: "time|date|creation time|date created|zeit|datum|heure|hora|fecha|data|ora|tijd|tid|tidspunkt|dato|czas|zaman|thời gian|ngày|waktu|tanggal|čas|aika|idő|" +
		"время|дата|日時|시간|时间|時間|الوقت|समय",
	RoleURL:      "url|link|href|lien|enlace|liên kết|ссылка|tautan",
	RoleGroup:    "group|gruppe|groupe|grupo|gruppo|groep|grupp|grupa|grup|nhóm|группа|グループ|그룹|小组",
	RoleReaction: "reaction|reaktion|réaction|reacción|reação|reazione|reactie op|reaksjon|reakcja|tepki|cảm xúc|reaksi|реакция",
	RoleUpdated:  "updated|update time|aktualisiert|mis à jour|actualizado|atualizado|aggiornato|bijgewerkt|opdateret|oppdatert|uppdaterad|zaktualizowano|güncellendi|đã cập nhật|diperbarui",
	RolePlace:    "place|place tags|location|ort|lieu|lugar|luogo|plaats|sted|plats|miejsce|yer|địa điểm|tempat|место",
	RoleUser:     "username|user name|benutzername|nom d'utilisateur|nombre de usuario|nome de usuário|nome utente|gebruikersnaam|brugernavn|brukernavn|användarnamn|nazwa użytkownika|kullanıcı adı|tên người dùng|nama pengguna|имя пользователя|ユーザーネーム|사용자 이름|用户名",
	RoleBio:      "bio|biography|intro|about me|about|steckbrief|biografie|biographie|biografía|presentación|biografia|over mij|o mnie|biyografi|tiểu sử|о себе|自己紹介|소개|个人简介",
	RoleChoice:   "option|choice|vote|your vote|response|antwort|réponse|respuesta|resposta|risposta|antwoord|svar|odpowiedź|yanıt|lựa chọn|jawaban",
}

var roleOf = func() map[string]Role {
	m := map[string]Role{}
	for role, names := range roles {
		for name := range strings.SplitSeq(names, "|") {
			m[name] = role
		}
	}
	return m
}()

// Role says what a label means, by the name that no language changes or by
// the label; unknown for those not in the lists.
func (l *Label) Role() Role {
	if role, ok := fieldRoles[l.Field]; ok {
		return role
	}
	name := strings.ToLower(strings.TrimRight(Squash(l.Name), ": ："))
	return roleOf[strings.ReplaceAll(name, "’", "'")]
}

// fieldRoles are names of fields as ent_field_name has them.
var fieldRoles = map[string]Role{
	"Message": RoleText, "message": RoleText, "Text": RoleText, "text": RoleText, "Comment": RoleText, "comment": RoleText,
	"CommentText": RoleText, "Description": RoleText, "Body": RoleText, "Reaction": RoleReaction, "reaction": RoleReaction,
	"URL": RoleURL, "Url": RoleURL, "url": RoleURL, "Name": RoleName, "name": RoleName, "Owner": RoleOwner, "Author": RoleOwner,
	"Target": RoleOwner, "Group": RoleGroup, "Title": RoleTitle, "Time": RoleTime, "CreationTime": RoleTime,
	"UpdateTime": RoleUpdated, "Place": RolePlace, "Username": RoleUser, "Bio": RoleBio,
}

var userName = pattern.New(`^[A-Za-z0-9._]{1,30}$`)

// UserName says whether s looks like a user name.
func UserName(s string) bool { return userName.MatchString(s) }

// Find returns the first label of a role, at the top or one level inside.
func Find(labels []Label, role Role) *Label {
	for i := range labels {
		if labels[i].Role() == role {
			return &labels[i]
		}
	}
	return nil
}

// Inside returns the value of the first label of a role in l: l's own, or in
// its dictionary.
func (l *Label) Inside(role Role) string {
	if l == nil {
		return ""
	}
	if in := Find(l.Dict, role); in != nil {
		return in.Value
	}
	for i := range l.Dict {
		if v := l.Dict[i].Inside(role); v != "" {
			return v
		}
	}
	return l.Value
}

// Written picks what somebody wrote out of labels: the value whose label says
// so, else the longest that is neither an address nor of a known other
// meaning.
func Written(labels []Label) string {
	for i := range labels {
		if l := &labels[i]; l.Role() == RoleText && l.Value != "" {
			return l.Value
		}
	}
	best := ""
	for i := range labels {
		l := &labels[i]
		if l.Role() != RoleUnknown || l.Href != "" || l.Value == "" || IsURL(l.Value) {
			continue
		}
		if len(l.Value) > len(best) {
			best = l.Value
		}
	}
	return best
}

// Address returns the first web address among labels.
func Address(labels []Label) string {
	for i := range labels {
		l := &labels[i]
		for _, s := range []string{l.Href, l.Value} {
			if IsURL(s) {
				return s
			}
		}
	}
	return ""
}

// When returns the time among labels, or 0; one that tells of a change counts
// only where there is no other.
func When(labels []Label) int64 {
	var other int64
	for i := range labels {
		l := &labels[i]
		if l.Time == 0 {
			continue
		}
		if l.Role() != RoleUpdated {
			return l.Time
		}
		other = l.Time
	}
	return other
}

// AllMedia returns the media of a record and of its labels.
func (e *Entry) AllMedia() []Media {
	all := e.Media
	for i := range e.Labels {
		all = append(all, e.Labels[i].Media...)
	}
	return all
}

// IsURL says whether s is a web address and nothing else.
func IsURL(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \n\t")
}
