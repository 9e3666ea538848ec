package cli

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems"
)

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

// piped is a command line that gives a mixture to a command.
func piped(d gmm.Document, args ...string) string {
	return "echo '" + pasted(d) + "' | contrastcheck " + strings.Join(args, " ")
}

// rerun is a command line that shows a counterexample to a claim anew: it proves it, where there is a proof, asks the claim of that mixture, or, where the claim has no id, solves it.
func rerun(on theorems.Case, o theorems.Outcome, id string, c chosen) string {
	switch {
	case o.Certificate != nil:
		return piped(gmm.Document{Pairs: o.Certificate.Pairs}, append([]string{"prove", "-"}, proving(*o.Certificate)...)...)
	case id == "":
		return piped(on.Document(), "solve", "-")
	}
	return piped(on.Document(), append([]string{"check", "-", id}, c.flags()...)...)
}

// flags are those that are given.
func (c chosen) flags() []string {
	standard := chosen{Score: losses.Dot, Map: losses.Linear}
	if c.Score == standard.Score {
		c.Score = ""
	}
	if c.Map == standard.Map {
		c.Map = ""
	}
	return flagsOf("--loss", c.Loss, "--score", c.Score, "--map", c.Map, "--negatives", c.Negatives, "--bias", c.Bias, "--temperature", c.Temperature, "--margin", c.Margin)
}

// flagsOf are the pairs of a flag and its value of which that is not empty.
func flagsOf(pairs ...string) (flags []string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			flags = append(flags, pairs[i], pairs[i+1])
		}
	}
	return flags
}

// proving are the flags with which prove proves what a certificate does.
func proving(c proof.Certificate) (flags []string) {
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
	w := c.Loss.Words()
	return flagsOf("--loss", w.Loss, "--score", w.Score, "--negatives", w.Negatives, "--bias", w.Bias, "--map", w.Map)
}
