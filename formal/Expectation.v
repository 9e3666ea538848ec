(* The expectations of the loss in closed form, but for one of a log-sum-exp. *)
From Coq Require Import Reals Lra Psatz.
From Contrast Require Import Plane Moderate Gaussian InfoNCE.
Open Scope R_scope.

Section expectation.
Variables (e : point) (G : gaussian e).

Lemma mean_ext f g : (forall z, f z = g z) -> moderate g -> G f = G g.
Proof.
  intros H Hg. assert (Hf : moderate f) by (apply moderate_ext with (f := g); auto).
  apply Rle_antisym; apply mean_monotone; auto; intros z; rewrite H; apply Rle_refl.
Qed.

Lemma mean_const c : G (fun _ => c) = c.
Proof.
  rewrite (mean_ext _ (fun _ => c * 1 + 0 * 1)); [|intros; ring|].
  - rewrite (mean_linear e G c 0 (fun _ => 1) (fun _ => 1)) by apply moderate_const. rewrite mean_one. ring.
  - apply moderate_ext with (f := fun _ => c); [intros; ring|apply moderate_const].
Qed.

Lemma moderate_linear a b f g : moderate f -> moderate g -> moderate (fun x => a * f x + b * g x).
Proof. intros. apply moderate_plus; apply moderate_scal; assumption. Qed.

(* One component. *)
Notation N := (normal G).

Lemma normal_ext m f g : (forall x, f x = g x) -> moderate g -> N m f = N m g.
Proof. intros H Hg. unfold normal. apply mean_ext; [intros; apply H|apply moderate_shift; exact Hg]. Qed.

Lemma normal_linear m a b f g : moderate f -> moderate g ->
  N m (fun x => a * f x + b * g x) = a * N m f + b * N m g.
Proof.
  intros Hf Hg. unfold normal.
  apply (mean_linear e G a b (fun z => f (add m z)) (fun z => g (add m z))); apply moderate_shift; assumption.
Qed.

Lemma normal_monotone m f g : moderate f -> moderate g -> (forall x, f x <= g x) -> N m f <= N m g.
Proof. intros Hf Hg H. unfold normal. apply mean_monotone; [apply moderate_shift|apply moderate_shift|]; auto. Qed.

Lemma normal_const m c : N m (fun _ => c) = c.
Proof. exact (mean_const c). Qed.

Lemma dot_add a x y : dot a (add x y) = dot a x + dot a y.
Proof. unfold dot, add; simpl; ring. Qed.

Lemma normal_dot m a : N m (dot a) = dot a m.
Proof.
  unfold normal. rewrite (mean_ext _ (fun z => dot a m * 1 + 1 * dot a z)).
  - rewrite (mean_linear e G (dot a m) 1 (fun _ => 1) (dot a)); [|apply moderate_const|apply moderate_dot].
    rewrite mean_one, mean_first. ring.
  - intros; rewrite dot_add; ring.
  - apply moderate_linear; [apply moderate_const|apply moderate_dot].
Qed.

Lemma moderate_square a b : moderate (fun x => dot a x * dot b x).
Proof. apply moderate_mult; apply moderate_dot. Qed.

Lemma normal_square m a b : N m (fun x => dot a x * dot b x) = dot a m * dot b m + dot a b.
Proof.
  unfold normal.
  set (c := add (scale (dot a m) b) (scale (dot b m) a)).
  rewrite (mean_ext _ (fun z => 1 * (dot a z * dot b z) + 1 * (1 * dot c z + (dot a m * dot b m) * 1))).
  - rewrite (mean_linear e G 1 1 (fun z => dot a z * dot b z) (fun z => 1 * dot c z + (dot a m * dot b m) * 1));
      [|apply moderate_square|apply moderate_linear; [apply moderate_dot|apply moderate_const]].
    rewrite (mean_linear e G 1 (dot a m * dot b m) (dot c) (fun _ => 1)); [|apply moderate_dot|apply moderate_const].
    rewrite mean_second, mean_first, mean_one. ring.
  - intros z. rewrite !dot_add. unfold c, dot, add, scale; simpl; ring.
  - apply moderate_linear; [apply moderate_square|].
    apply moderate_linear; [apply moderate_dot|apply moderate_const].
Qed.

Lemma normal_exp m a : N m (fun x => exp (dot a x)) = exp (dot a a / 2) * exp (dot a m).
Proof.
  unfold normal. rewrite (mean_ext _ (fun z => exp (dot a m) * exp (dot a z) + 0 * 1)).
  - rewrite (mean_linear e G (exp (dot a m)) 0 (fun z => exp (dot a z)) (fun _ => 1)); [|apply moderate_exp|apply moderate_const].
    rewrite mean_exp. ring.
  - intros z. rewrite dot_add, exp_plus. ring.
  - apply moderate_linear; [apply moderate_exp|apply moderate_const].
Qed.

(* The mixture. *)
Variable F : mixture.
Hypothesis HF : proper F.
Notation E := (draw F G).
Definition middle := add (scale (w1 F) (mu1 F)) (scale (w2 F) (mu2 F)).

Lemma draw_ext f g : (forall x, f x = g x) -> moderate g -> E f = E g.
Proof. intros H Hg. unfold draw. rewrite !(normal_ext _ f g H Hg). reflexivity. Qed.

Lemma draw_linear a b f g : moderate f -> moderate g -> E (fun x => a * f x + b * g x) = a * E f + b * E g.
Proof. intros Hf Hg. unfold draw. rewrite !normal_linear by assumption. ring. Qed.

Lemma draw_monotone f g : moderate f -> moderate g -> (forall x, f x <= g x) -> E f <= E g.
Proof.
  intros Hf Hg H. unfold draw. destruct HF as (P1 & P2 & _).
  pose proof (normal_monotone (mu1 F) f g Hf Hg H). pose proof (normal_monotone (mu2 F) f g Hf Hg H). nra.
Qed.

Lemma draw_dot a : E (dot a) = dot a middle.
Proof. unfold draw, middle. rewrite !normal_dot. unfold dot, add, scale; simpl; ring. Qed.

Lemma draw_square a b :
  E (fun x => dot a x * dot b x) = w1 F * (dot a (mu1 F) * dot b (mu1 F)) + w2 F * (dot a (mu2 F) * dot b (mu2 F)) + dot a b.
Proof.
  unfold draw. rewrite !normal_square. destruct HF as (_ & _ & P & _).
  replace (dot a b) with ((w1 F + w2 F) * dot a b) at 3 by (rewrite P; ring). ring.
Qed.
End expectation.
