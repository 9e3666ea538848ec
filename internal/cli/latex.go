package cli

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/typeset"
	"contrastcheck/oracle/proof"
)

// typesetter is a result with a form for papers.
type typesetter interface {
	latex(b *bytes.Buffer)
}

// formats are those besides text and json, each with the commands that write it.
var formats = map[string]string{"csv": "frontier", "latex": "check, frontier, prove, recheck, search and solve"}

// writes tells whether a command writes a format.
func writes(command, format string) bool {
	of, special := formats[format]
	name, _, _ := strings.Cut(command, " ")
	return !special || strings.Contains(" "+strings.NewReplacer(",", "", " and ", " ").Replace(of)+" ", " "+name+" ")
}

// quoted are numbers that JSON has without quotes, too.
var quoted = regexp.MustCompile(`"(-?[0-9]+(?:\.[0-9]+)?)"`)

// pasted is a mixture file in one line that a shell takes as it is, between single quotes: without a name or a certificate, decimals as such.
func pasted(d gmm.Document) string {
	d.Certificate = nil
	var b bytes.Buffer
	if err := gmm.Write(&b, d); err != nil {
		return ""
	}
	var keys map[string]json.RawMessage
	text := strings.TrimSpace(b.String())
	if json.Unmarshal([]byte(text), &keys); keys["name"] != nil {
		text = "{" + strings.TrimPrefix(text, `{"name":`+string(keys["name"])+",")
	}
	text = quoted.ReplaceAllString(text, "$1")
	return strings.NewReplacer(`":`, `": `, ",", ", ").Replace(text)
}

// latex writes what is proved as a proposition with its proof.
func (r proofReport) latex(b *bytes.Buffer) {
	c := r.found.certificate
	b.WriteString("% Written by contrastcheck. " + strings.TrimPrefix(typeset.Preamble(typeset.Environment), "% "))
	b.WriteString(typeset.Comment("This proves it anew:\n  echo '" + pasted(gmm.Document{Pairs: c.Pairs}) + "' | contrastcheck prove - " + strings.Join(proving(c), " ")))
	b.WriteString(typeset.Theorem(c, r.found.theorem))
}

// proving are the flags with which prove proves what a certificate does.
func proving(c proof.Certificate) (flags []string) {
	add := func(flag, value string) {
		if value != "" {
			flags = append(flags, flag, value)
		}
	}
	w := c.Loss.Words()
	switch {
	case c.Comparison != nil:
		return []string{"--map", networks, "--activation", string(c.Comparison.Activation), "--no-biases"}
	case c.Cosine != nil:
		return []string{"--score", proof.Cosines, "--temperature", c.Cosine.Temperature.RatString(), "--noise", c.Cosine.Noise.RatString()}
	case c.Region != nil:
		if flags = []string{"--box", "'" + c.Box().String() + "'"}; c.Region.Centred {
			flags = append(flags, "--centre")
		}
		return flags
	}
	add("--loss", w.Loss)
	add("--score", w.Score)
	add("--negatives", w.Negatives)
	add("--bias", w.Bias)
	add("--map", w.Map)
	return flags
}
