package queue

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"

	"contrastcheck/campaign"
)

// Names on the server; queue.go says what they hold.
const (
	campaignsBucket = "contrastcheck-campaigns"
	shardsStream    = "contrastcheck-shards"
	shardsRoot      = "contrastcheck.shards"
	resultsRoot     = "contrastcheck.results"
)

func resultsStream(id string) string { return "contrastcheck-results-" + id }
func largeBucket(id string) string   { return "contrastcheck-large-" + id }

// Of an object store: the stream behind it, and the subject of the parts of an object.
func largeStream(id string) string       { return "OBJ_" + largeBucket(id) }
func partSubject(id, nuid string) string { return "$O." + largeBucket(id) + ".C." + nuid }

// idOf is the id of the campaign that a program of an identity makes of a request: short enough to be typed. Whoever asks the same again takes up the same campaign.
func idOf(r campaign.Request, i Identity) string {
	sum := sha256.Sum256([]byte(i.token() + "\n" + r.Kind + "\n" + string(r.Parameters)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:idLength])
}

// idLength is the length of an id; its characters are those of base 32 in small letters.
const idLength = 10

// validID tells whether text can be an id: it becomes part of subjects, in which other characters have a meaning.
func validID(text string) bool {
	return len(text) == idLength && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func shardSubject(identity, id string, n int) string {
	return fmt.Sprintf("%s.%s.%s.%d", shardsRoot, identity, id, n)
}

// parseShard reads shardSubject.
func parseShard(subject string) (id string, n int, ok bool) {
	parts := strings.Split(subject, ".")
	if len(parts) != 5 {
		return "", 0, false
	}
	n, ok = number(parts[4])
	return parts[3], n, ok && validID(parts[3])
}

func doneSubject(id string, n int) string { return fmt.Sprintf("%s.%s.%d.done", resultsRoot, id, n) }

func failedSubject(id string, n, attempt int) string {
	return fmt.Sprintf("%s.%s.%d.failed.%d", resultsRoot, id, n, attempt)
}

// parseResult reads doneSubject, attempt 0, and failedSubject.
func parseResult(subject string) (n, attempt int, ok bool) {
	parts := strings.Split(subject, ".")
	if len(parts) < 5 {
		return 0, 0, false
	}
	n, ok = number(parts[3])
	switch {
	case !ok:
		return 0, 0, false
	case len(parts) == 5 && parts[4] == "done":
		return n, 0, true
	case len(parts) == 6 && parts[4] == "failed":
		attempt, ok = number(parts[5])
		return n, attempt, ok && 1 <= attempt && attempt <= mostFailures
	}
	return 0, 0, false
}

// number reads a decimal number as strconv.Itoa writes it, and no other spelling of it.
func number(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == text
}
