(* The loss as a function f of M = A A^T: a closed form and the mean of a log-sum-exp. *)
From Coq Require Import Reals Lra Psatz.
From Contrast Require Import Plane Moderate Gaussian InfoNCE Softmax Expectation.
Open Scope R_scope.

Definition gram (r : nat) (A : nat -> point) :=
  Sym (sum r (fun j => fst (A j) * fst (A j))) (sum r (fun j => fst (A j) * snd (A j))) (sum r (fun j => snd (A j) * snd (A j))).

Lemma score_form r A x y : score r A x y = form (gram r A) x y.
Proof.
  unfold score, form, apply, dot, gram; simpl.
  induction r as [|r IH]; simpl; [ring|]. rewrite IH. ring.
Qed.

Lemma form_dot M x y : form M x y = dot (apply M y) x.
Proof. unfold form, apply, dot; simpl; ring. Qed.

Section objective.
Variables (F : mixture) (e : point) (G : gaussian e).
Hypothesis HF : proper F.
Notation E := (draw F G).
Notation N := (normal G).

(* E x^T M x' of a positive pair; E |Mx|^2. *)
Definition attract (M : sym) :=
  delta F * (w1 F * form M (mu1 F) (mu1 F) + w2 F * form M (mu2 F) (mu2 F)) + (1 - delta F) * form M (middle F) (middle F).
Definition spread (M : sym) :=
  w1 F * dot (apply M (mu1 F)) (apply M (mu1 F)) + w2 F * dot (apply M (mu2 F)) (apply M (mu2 F)) + inner M M.
Definition logits (M : sym) (x : point) := lse (w1 F) (w2 F) (dot (apply M (mu1 F)) x) (dot (apply M (mu2 F)) x).
Definition objective (M : sym) := - attract M + spread M / 2 + E (logits M).

Lemma moderate_logits M : moderate (logits M).
Proof. destruct HF as (? & ? & _). apply moderate_lse; assumption. Qed.

Lemma pair_score r A : pair F G (score r A) = attract (gram r A).
Proof.
  set (M := gram r A). unfold pair.
  assert (I : forall m x, N m (score r A x) = dot (apply M m) x).
  { intros m x. rewrite (normal_ext e G m (score r A x) (dot (apply M x))).
    - rewrite normal_dot. unfold apply, dot; simpl; ring.
    - intros y. apply score_form.
    - apply moderate_dot. }
  assert (J : forall m m', N m (fun x => N m' (score r A x)) = form M m m').
  { intros m m'. rewrite (normal_ext e G m _ (dot (apply M m'))); [|intros; apply I|apply moderate_dot].
    rewrite normal_dot. symmetry; apply form_dot. }
  rewrite !J. unfold attract. f_equal. f_equal.
  rewrite (draw_ext e G F _ (dot (apply M (middle F)))).
  - rewrite draw_dot. symmetry; apply form_dot.
  - intros x. unfold draw. rewrite !I. unfold middle, apply, dot, add, scale; simpl; ring.
  - apply moderate_dot.
Qed.

Definition row1 (M : sym) : point := (xx M, xy M).
Definition row2 (M : sym) : point := (xy M, yy M).
Definition length (M : sym) (x : point) := 1 * (dot (row1 M) x * dot (row1 M) x) + 1 * (dot (row2 M) x * dot (row2 M) x).

Lemma length_dot M x : length M x = dot (apply M x) (apply M x).
Proof. unfold length, row1, row2, apply, dot; simpl; ring. Qed.

Lemma moderate_length M : moderate (length M).
Proof. apply moderate_linear; apply moderate_square. Qed.

Lemma draw_length M : E (length M) = spread M.
Proof.
  unfold length.
  rewrite (draw_linear e G F 1 1 (fun x => dot (row1 M) x * dot (row1 M) x) (fun x => dot (row2 M) x * dot (row2 M) x)) by apply moderate_square.
  rewrite !draw_square by exact HF. unfold spread, row1, row2, inner, apply, dot; simpl; ring.
Qed.

Lemma loss_objective r A : loss F G r A = objective (gram r A).
Proof.
  unfold loss, objective. rewrite pair_score. set (M := gram r A).
  rewrite (draw_ext e G F _ (fun x => / 2 * length M x + 1 * logits M x)).
  - rewrite draw_linear; [|apply moderate_length|apply moderate_logits].
    rewrite draw_length. field.
  - intros x. destruct HF as (P1 & P2 & _).
    assert (D : draw F G (fun y => exp (score r A x y)) =
      exp (dot (apply M x) (apply M x) / 2) * (w1 F * exp (dot (apply M (mu1 F)) x) + w2 F * exp (dot (apply M (mu2 F)) x))).
    { rewrite (draw_ext e G F _ (fun y => exp (dot (apply M x) y))).
      - unfold draw. rewrite !normal_exp.
        replace (dot (apply M (mu1 F)) x) with (dot (apply M x) (mu1 F)) by (unfold apply, dot; simpl; ring).
        replace (dot (apply M (mu2 F)) x) with (dot (apply M x) (mu2 F)) by (unfold apply, dot; simpl; ring).
        ring.
      - intros y. rewrite score_form. reflexivity.
      - apply moderate_exp. }
    rewrite D. pose proof (exp_pos (dot (apply M (mu1 F)) x)). pose proof (exp_pos (dot (apply M (mu2 F)) x)).
    rewrite ln_mult, ln_exp; [|apply exp_pos|nra]. rewrite <- length_dot. unfold logits, lse. field.
  - apply moderate_linear; [apply moderate_length|apply moderate_logits].
Qed.

(* f is 1-strongly convex. *)
Lemma objective_convex l M K : 0 <= l <= 1 ->
  objective (mix l M K) + l * (1 - l) * inner (sub M K) (sub M K) / 2 <= (1 - l) * objective M + l * objective K.
Proof.
  intros Hl. unfold objective.
  assert (A1 : attract (mix l M K) = (1 - l) * attract M + l * attract K).
  { unfold attract, form, mix, apply, dot; simpl; ring. }
  assert (Q : forall x, dot (apply (mix l M K) x) (apply (mix l M K) x) <= (1 - l) * dot (apply M x) (apply M x) + l * dot (apply K x) (apply K x)).
  { intros x. set (a := apply M x). set (b := apply K x).
    assert (apply (mix l M K) x = add (scale (1 - l) a) (scale l b)) as ->.
    { unfold a, b, mix, apply, add, scale; simpl; f_equal; ring. }
    assert (0 <= l * (1 - l) * dot (minus a b) (minus a b)).
    { apply Rmult_le_pos; [nra|]. unfold dot; nra. }
    replace (dot (add (scale (1 - l) a) (scale l b)) (add (scale (1 - l) a) (scale l b)))
      with ((1 - l) * dot a a + l * dot b b - l * (1 - l) * dot (minus a b) (minus a b)) by (unfold dot, add, scale, minus; simpl; ring).
    lra. }
  assert (I : inner (mix l M K) (mix l M K) = (1 - l) * inner M M + l * inner K K - l * (1 - l) * inner (sub M K) (sub M K)).
  { unfold inner, mix, sub; simpl; ring. }
  destruct HF as (P1 & P2 & _).
  assert (S : spread (mix l M K) <= (1 - l) * spread M + l * spread K - l * (1 - l) * inner (sub M K) (sub M K)).
  { unfold spread. pose proof (Q (mu1 F)). pose proof (Q (mu2 F)). nra. }
  assert (L : E (logits (mix l M K)) <= E (fun x => (1 - l) * logits M x + l * logits K x)).
  { apply draw_monotone; [exact HF|apply moderate_logits|apply moderate_linear; apply moderate_logits|].
    intros x. unfold logits.
    replace (dot (apply (mix l M K) (mu1 F)) x) with ((1 - l) * dot (apply M (mu1 F)) x + l * dot (apply K (mu1 F)) x)
      by (unfold mix, apply, dot; simpl; ring).
    replace (dot (apply (mix l M K) (mu2 F)) x) with ((1 - l) * dot (apply M (mu2 F)) x + l * dot (apply K (mu2 F)) x)
      by (unfold mix, apply, dot; simpl; ring).
    apply lse_convex; assumption. }
  rewrite draw_linear in L by apply moderate_logits. rewrite A1. nra.
Qed.

(* p1(x), and H = E p1(x) x in the frame of e. *)
Definition first (M : sym) (x : point) := sigma (w2 F / w1 F) (dot (apply M (minus (mu1 F) (mu2 F))) x).
Definition outer (x y : point) := Sym (fst x * fst y) ((fst x * snd y + snd x * fst y) / 2) (snd x * snd y).
Definition plus (M K : sym) := Sym (xx M + xx K) (xy M + xy K) (yy M + yy K).
Definition times (a : R) (M : sym) := Sym (a * xx M) (a * xy M) (a * yy M).

(* The gradient of f at M, if E p1(x) x = along e + across (turn e). *)
Definition gradient (M : sym) (along across : R) :=
  plus (plus (times (- delta F) (plus (times (w1 F) (outer (mu1 F) (mu1 F))) (times (w2 F) (outer (mu2 F) (mu2 F)))))
             (times (delta F - 1) (outer (middle F) (middle F))))
  (plus (plus (times (w1 F) (outer (mu1 F) (apply M (mu1 F)))) (times (w2 F) (outer (mu2 F) (apply M (mu2 F)))))
  (plus M (plus (outer (middle F) (mu2 F))
     (outer (add (scale along e) (scale across (turn e))) (minus (mu1 F) (mu2 F)))))).

Lemma moderate_first M : moderate (first M).
Proof. destruct HF as (P1 & P2 & _). apply moderate_sigma. apply Rdiv_lt_0_compat; assumption. Qed.

Lemma moderate_first_dot M a : moderate (fun x => first M x * dot a x).
Proof. apply moderate_mult; [apply moderate_first|apply moderate_dot]. Qed.

Theorem objective_tangent M K : dot e e = 1 ->
  objective M + inner (gradient M (E (fun x => first M x * dot e x)) (E (fun x => first M x * dot (turn e) x))) (sub K M)
    + inner (sub K M) (sub K M) / 2 <= objective K.
Proof.
  intros He. set (V := sub K M). set (d := minus (mu1 F) (mu2 F)).
  set (he := E (fun x => first M x * dot e x)). set (ht := E (fun x => first M x * dot (turn e) x)).
  set (c := apply V d).
  assert (T : E (fun x => 1 * logits M x + 1 * (1 * dot (apply V (mu2 F)) x + 1 * (dot c e * (first M x * dot e x) + dot c (turn e) * (first M x * dot (turn e) x)))) <= E (logits K)).
  { apply draw_monotone; [exact HF| |apply moderate_logits|].
    - apply moderate_linear; [apply moderate_logits|]. apply moderate_linear; [apply moderate_dot|].
      apply moderate_linear; apply moderate_first_dot.
    - intros x. unfold logits. destruct HF as (P1 & P2 & _).
      pose proof (lse_tangent (w1 F) (w2 F) (dot (apply M (mu1 F)) x) (dot (apply M (mu2 F)) x) (dot (apply K (mu1 F)) x) (dot (apply K (mu2 F)) x) P1 P2) as L.
      replace (dot (apply M (mu1 F)) x - dot (apply M (mu2 F)) x) with (dot (apply M d) x) in L by (unfold d, apply, dot, minus; simpl; ring).
      replace (dot (apply K (mu1 F)) x - dot (apply K (mu2 F)) x - dot (apply M d) x) with (dot c x) in L
        by (unfold c, V, d, sub, apply, dot, minus; simpl; ring).
      replace (dot (apply K (mu2 F)) x - dot (apply M (mu2 F)) x) with (dot (apply V (mu2 F)) x) in L
        by (unfold V, sub, apply, dot; simpl; ring).
      replace (dot c x) with (dot c e * dot e x + dot c (turn e) * dot (turn e) x) in L.
      + unfold first. fold d. lra.
      + replace (dot c x) with (dot e e * dot c x) by (rewrite He; ring). unfold dot, turn; simpl; ring. }
  rewrite (draw_linear e G F 1 1 (logits M) (fun x => 1 * dot (apply V (mu2 F)) x + 1 * (dot c e * (first M x * dot e x) + dot c (turn e) * (first M x * dot (turn e) x)))) in T;
    [|apply moderate_logits|apply moderate_linear; [apply moderate_dot|apply moderate_linear; apply moderate_first_dot]].
  rewrite (draw_linear e G F 1 1 (dot (apply V (mu2 F))) (fun x => dot c e * (first M x * dot e x) + dot c (turn e) * (first M x * dot (turn e) x))) in T;
    [|apply moderate_dot|apply moderate_linear; apply moderate_first_dot].
  rewrite (draw_linear e G F (dot c e) (dot c (turn e)) (fun x => first M x * dot e x) (fun x => first M x * dot (turn e) x)) in T by apply moderate_first_dot.
  rewrite draw_dot in T. fold he ht in T.
  assert (Q : spread K = spread M + 2 * (w1 F * dot (apply M (mu1 F)) (apply V (mu1 F)) + w2 F * dot (apply M (mu2 F)) (apply V (mu2 F)) + inner M V)
    + (w1 F * dot (apply V (mu1 F)) (apply V (mu1 F)) + w2 F * dot (apply V (mu2 F)) (apply V (mu2 F)) + inner V V)).
  { unfold spread, V, sub, apply, dot, inner; simpl; ring. }
  assert (S1 : forall x, 0 <= dot x x) by (intros; unfold dot; nra).
  pose proof (S1 (apply V (mu1 F))) as U1. pose proof (S1 (apply V (mu2 F))) as U2.
  destruct HF as (P1 & P2 & _).
  assert (R1 : 0 <= w1 F * dot (apply V (mu1 F)) (apply V (mu1 F))) by (apply Rmult_le_pos; lra).
  assert (R2 : 0 <= w2 F * dot (apply V (mu2 F)) (apply V (mu2 F))) by (apply Rmult_le_pos; lra).
  assert (Q' : inner (gradient M he ht) V = - (attract K - attract M)
     + (w1 F * dot (apply M (mu1 F)) (apply V (mu1 F)) + w2 F * dot (apply M (mu2 F)) (apply V (mu2 F)) + inner M V)
     + dot (apply V (mu2 F)) (middle F) + (dot c e * he + dot c (turn e) * ht)).
  { replace (attract K - attract M) with (attract V) by (unfold attract, form, V, sub, apply, dot; simpl; ring).
    unfold c. generalize V. intros W. fold d.
    unfold gradient, attract, plus, times, outer, inner, form, apply, dot, turn, add, scale, d, minus; simpl; field. }
  unfold objective. rewrite Q', Q. lra.
Qed.
End objective.
