package proof

import (
	"bytes"
	"encoding/json"
	"strings"

	"contrastcheck/gmm"
)

// Reseal writes the digest of a tampered file's own contents into it; the text as it is, where that has no contents.
func Reseal(text string) string {
	document, err := gmm.Read("tampered", strings.NewReader(text))
	if err != nil {
		return text
	}
	c, _, err := decoding(document.Certificate)(json.NewDecoder(bytes.NewReader(document.Certificate)), document.Pairs)
	if err != nil {
		return text
	}
	var out bytes.Buffer
	if c.Write(&out) != nil {
		return text
	}
	return out.String()
}
